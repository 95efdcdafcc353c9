using System.Globalization;
using System.Text;

namespace ReasonRank.Service.Api.Reading;

/// <summary>The place of a reader inside a JSON text, as clients write it: <c>documents[3].text</c>.</summary>
internal sealed class JsonPath
{
    private const int ShownName = 64;
    private const int ShownDepth = 4;
    private readonly Stack<Level> _levels = [];

    /// <summary>Arrays and objects that are open.</summary>
    public int Depth => _levels.Count;

    public void Open(bool isArray) => _levels.Push(new Level(isArray));

    public void Close() => _levels.Pop();

    /// <summary>The reader stands on a key of the innermost object; false when the object had that key before.</summary>
    public bool Name(string name)
    {
        var level = _levels.Peek();
        level.Name = name;
        return level.Seen!.Add(name);
    }

    /// <summary>A value begins: in an array it's the next one.</summary>
    public void Value()
    {
        if (_levels.TryPeek(out var level) && level.Seen is null)
            level.Index++;
    }

    /// <summary>The path; "body" at the root.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var level in _levels.Reverse().Take(ShownDepth))
        {
            if (level.Seen is null)
                text.Append(CultureInfo.InvariantCulture, $"[{Math.Max(level.Index, 0)}]");
            else if (level.Name is not null)
                text.Append(text.Length == 0 ? "" : ".").Append(Short(level.Name));
        }

        return text.Length == 0 ? "body" : text.ToString();
    }

    private static string Short(string name) => name.Length <= ShownName ? name : name[..ShownName];

    private sealed class Level(bool isArray)
    {
        public HashSet<string>? Seen { get; } = isArray ? null : [];

        public string? Name { get; set; }

        public int Index { get; set; } = -1;
    }
}
