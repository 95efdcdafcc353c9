namespace ReasonRank.Prompting;

/// <summary>The characters that Windows-1252 has where Latin-1 has the controls U+0080 to U+009F; five of them stay controls.</summary>
internal static class Windows1252
{
    private const string Characters =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>What a C1 control stands for where Windows-1252 was read as Latin-1.</summary>
    public static char FromControl(char control) => Characters[control - '\u0080'];
}
