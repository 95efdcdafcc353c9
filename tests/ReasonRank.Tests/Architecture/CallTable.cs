using System.Diagnostics.CodeAnalysis;

namespace ReasonRank.Tests.Architecture;

/// <summary>Who may name whom: the table under "Who may call whom" in docs/architecture.md.</summary>
internal sealed class CallTable(IReadOnlyDictionary<string, IReadOnlySet<string>> rows)
{
    private const string Heading = "## Who may call whom";

    public IEnumerable<string> Folders => rows.Keys;

    /// <summary>Everything that a row allows.</summary>
    public IEnumerable<string> Named => rows.Values.SelectMany(allowed => allowed);

    public static CallTable Parse(string document)
    {
        var section = document[(document.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length)..];
        var rows = section.Split('\n')
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith('|'))
            .Skip(2) // the heading and the rule under it
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
        return new CallTable(rows.ToDictionary(cells => cells[1], cells => Names(cells[2])));

        static IReadOnlySet<string> Names(string cell) =>
            cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
    }

    /// <summary>The row that a namespace belongs to: that of its folder or of the nearest one above; false when the table has none.</summary>
    public bool TryFind(string space, [NotNullWhen(true)] out string? folder)
    {
        const string root = "ReasonRank.";
        folder = space.StartsWith(root, StringComparison.Ordinal) ? space[root.Length..].Replace('.', '/') : null;
        while (folder is not null && !rows.ContainsKey(folder))
            folder = folder.Contains('/') ? folder[..folder.LastIndexOf('/')] : null;
        return folder is not null;
    }

    public bool Allows(string caller, string callee) => caller == callee || rows[caller].Contains(callee);
}
