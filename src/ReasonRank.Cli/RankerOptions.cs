using System.CommandLine;

namespace ReasonRank.Cli;

/// <summary>Where to rank: <c>--model</c> or <c>--url</c>, not both.</summary>
internal sealed class RankerOptions
{
    private readonly Option<string?> _model = new("--model") { Description = "GGUF to rank with on this machine." };
    private readonly Option<string?> _url = new("--url") { Description = "Address of a ReasonRank server to rank on." };

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_url);
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

    public string? Model(ParseResult parsed) => parsed.GetValue(_model);

    public Uri? Url(ParseResult parsed) => parsed.GetValue(_url) is { } url ? new Uri(url) : null;

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
