using System.CommandLine;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;

namespace ReasonRank.Cli.Commands;

/// <summary><c>doctor</c>: whether this machine can serve a model; each line is ok or says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model") { Description = "GGUF to examine; the embedded one by default." };
        var command = new Command("doctor", "Check libraries, devices, text normalisation, model and memory.") { model };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(model) ?? Composition.EmbeddedModel;
            var isWell = Report("text", TextNormalisation);
            if (!Report("libraries", () => $"llama.cpp {LlamaDiagnosis.LoadLibraries(directory: null, Composition.Logger(terminal))}, data layouts as expected"))
                return 1;
            isWell &= Report("devices", () => string.Join("; ", LlamaDiagnosis.DescribeDevices()));
            isWell &= Report("model", () => Describe(path, terminal)) && Report("memory", () => LlamaDiagnosis.EstimateMemory(new LlamaCppOptions { Path = path }));
            return isWell ? 0 : 1;
        });
        return command;

        bool Report(string subject, Func<string> examine)
        {
            try
            {
                terminal.Out.WriteLine($"ok    {subject,-10} {examine()}");
                return true;
            }
            catch (Exception trouble) when (trouble is LlamaLibraryException or ModelLoadException or ModelUnfitException or IOException or BadArgumentException)
            {
                terminal.Out.WriteLine($"FAIL  {subject,-10} {trouble.Message}");
                return false;
            }
        }
    }

    private static string TextNormalisation() => TextNormalization.IsAvailable
        ? "Unicode is composed as prompts need it"
        : throw new IOException("Accents aren't composed: install ICU (libicu) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");

    private static string Describe(string path, Terminal terminal)
    {
        using var vocabulary = Composition.OpenVocabulary(path, terminal);
        return $"{path}: {vocabulary.Vocabulary.Architecture}, {vocabulary.Vocabulary.VocabularySize:N0} tokens, profile {vocabulary.Profile.Name}";
    }
}
