using System.CommandLine;
using ReasonRank.LlamaCpp;

namespace ReasonRank.Cli;

/// <summary>Where to rank: <c>--model</c> or <c>--url</c>, not both.</summary>
internal sealed class RankerOptions
{
    private readonly Option<string?> _model = new("--model") { Description = "GGUF to rank with on this machine." };
    private readonly Option<string?> _url = new("--url") { Description = "Address of a ReasonRank server to rank on." };

    private readonly Option<int?> _threads = new Option<int?>("--threads") { Description = "Threads on this machine; one for each core by default." }.AtLeast(1);

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_url);
        command.Add(_threads);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_model) is not null && result.GetResult(_url) is not null)
                result.AddError("--model and --url exclude each other.");
        });
        _url.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !IsAddress(result.Tokens[0].Value))
                result.AddError("--url must be an http or https address.");
        });
    }

    /// <summary>Whether the caller says where to rank.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_model) is not null || parsed.GetValue(_url) is not null;

    /// <summary>A ranker on the server given, else with the model given or, in its absence, the embedded one.</summary>
    public IRanker Open(ParseResult parsed, Composition composition, Terminal terminal)
    {
        if (parsed.GetValue(_url) is { } url)
            return new HttpRanker(composition.Http(), new Uri(url), composition.Time);
        var options = new LlamaCppOptions
        {
            Path = Composition.ExistingFile(parsed.GetValue(_model) ?? Composition.EmbeddedModel),
            Threads = parsed.GetValue(_threads),
        };
        return composition.OpenModel(options, Composition.Logger(terminal));
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
