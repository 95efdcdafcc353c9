using System.Text;
using Microsoft.Extensions.Logging;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>Joins the pieces that one thread writes to llama.cpp's log to lines. A line has the level of its first piece.</summary>
internal sealed class LogLine
{
    /// <summary>Values of ggml_log_level.</summary>
    private const int Info = 2, Warn = 3, Error = 4, Cont = 5;

    private readonly StringBuilder _text = new();
    private int _level;

    /// <summary>Takes a piece; returns the line that it ends, unless that's empty.</summary>
    public (LogLevel Level, string Message)? Add(int level, string piece)
    {
        if (level != Cont)
            _level = level;
        _text.Append(piece);
        if (!piece.EndsWith('\n'))
            return null;
        var message = _text.ToString().Trim();
        _text.Clear();
        return message.Length == 0 ? null : (LevelOf(_level), message);
    }

    /// <summary>llama.cpp tells a lot: what an operator should read is said by the runtime.</summary>
    private static LogLevel LevelOf(int level) => level switch
    {
        Info => LogLevel.Debug,
        Warn => LogLevel.Warning,
        Error => LogLevel.Error,
        _ => LogLevel.Trace,
    };
}
