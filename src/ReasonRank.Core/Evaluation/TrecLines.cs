namespace ReasonRank.Evaluation;

/// <summary>Lines of columns between white space, as the tools around TREC write them; blank lines don't count.</summary>
internal static class TrecLines
{
    /// <summary>The columns of each line, with the line's number from 1.</summary>
    /// <exception cref="InvalidDataException">A line has another number of columns than <paramref name="layout"/> names.</exception>
    public static IEnumerable<(int Number, string[] Columns)> Read(TextReader reader, string layout)
    {
        var expected = layout.Split(' ').Length;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length == 0)
                continue;
            if (columns.Length != expected)
                throw Fault(number, $"has {columns.Length} columns instead of {expected}: {layout}");
            yield return (number, columns);
        }
    }

    public static InvalidDataException Fault(int line, string what) => new($"Line {line} {what}.");
}
