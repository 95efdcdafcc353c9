using System.Text.RegularExpressions;

namespace ReasonRank.Tests.Architecture;

/// <summary>What one source file says about namespaces, read as text.</summary>
internal sealed partial class SourceText
{
    private readonly string _code;

    public SourceText(string text)
    {
        _code = CommentsAndStrings().Replace(text, "");
        Namespace = Declaration().Match(_code) is { Success: true } found ? found.Groups[1].Value : "";
    }

    /// <summary>The file's namespace; empty for top-level statements.</summary>
    public string Namespace { get; }

    /// <summary>
    /// The namespaces that the file names, in <c>using</c> lines or as the front of a longer name, in full or from an enclosing
    /// namespace as the compiler would find them.
    /// </summary>
    /// <param name="known">All namespaces there are.</param>
    public IEnumerable<string> Named(IReadOnlySet<string> known) =>
        DottedNames().Matches(_code).Select(match => Resolve(match.Value, known)).OfType<string>().Distinct();

    private string? Resolve(string name, IReadOnlySet<string> known)
    {
        for (var scope = Namespace; ; scope = scope.Contains('.') ? scope[..scope.LastIndexOf('.')] : "")
        {
            for (var front = name; front != ""; front = front.Contains('.') ? front[..front.LastIndexOf('.')] : "")
            {
                var space = scope == "" ? front : $"{scope}.{front}";
                if (known.Contains(space))
                    return space;
            }
            if (scope == "")
                return null;
        }
    }

    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | \"{3,}.*?\"{3,} | @\"(?:[^\"]|\"\")*\" | \"(?:\\.|[^\"\\\n])*\" | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndStrings();

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex DottedNames();
}
