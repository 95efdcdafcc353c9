using System.CommandLine;
using ReasonRank.Prompting;

namespace ReasonRank.Cli.Commands;

/// <summary><c>render</c>: the exact prompt for a window, as text or as token ids.</summary>
internal static class RenderCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "JSON with query and passages; none or - is standard input." };
        var model = new Option<string>("--model") { Required = true, Description = "GGUF whose vocabulary counts and cuts; weights aren't needed." };
        var profile = new Option<string?>("--profile") { Description = "The prompt's words; chosen from the model by default." };
        profile.AcceptOnlyFromAmong([.. PromptProfile.All.Select(known => known.Name)]);
        var tokens = new Option<bool>("--tokens") { Description = "Print the prompt's token ids as a JSON array." };
        var command = new Command("render", "Print the exact prompt for a window and nothing else.") { file, model, profile, tokens };
        command.SetAction(parsed =>
        {
            using var reader = terminal.Open(parsed.GetValue(file));
            var input = RenderInput.Read(reader.ReadToEnd());
            using var vocabulary = Composition.OpenVocabulary(parsed.GetRequiredValue(model), terminal);
            var chosen = parsed.GetValue(profile) is { } name ? PromptProfile.Find(name)! : input.Profile ?? vocabulary.Profile;
            var prompt = input.Render(chosen, vocabulary.Tokenizer);
            if (parsed.GetValue(tokens))
                terminal.Out.WriteLine(Json.Write(vocabulary.Tokenizer.Encode(prompt)));
            else
                terminal.Out.Write(prompt.Render());
        });
        return command;
    }
}
