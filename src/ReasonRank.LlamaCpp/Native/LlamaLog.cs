using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>
/// llama.cpp's log, line by line. Pieces without a line feed are joined with what the same thread writes next. Its chatter counts
/// as Debug: what an operator should read is said by the runtime.
/// </summary>
internal static unsafe class LlamaLog
{
    private const int Cont = 5;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static int _level;

    [ThreadStatic]
    private static List<string>? _errors;

    public static volatile ILogger Logger = NullLogger.Instance;

    public static void Attach()
    {
        LlamaApi.llama_log_set(&Write, 0);
        GgmlApi.ggml_set_abort_callback(&Die);
    }

    /// <summary>Runs a native call and returns what it logged as errors on this thread, as one text.</summary>
    public static string ErrorsOf(Action call)
    {
        _errors = [];
        call();
        var errors = string.Join(" ", _errors);
        _errors = null;
        return errors;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Write(int level, byte* text, nint data)
    {
        try
        {
            Append(level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception)
        {
            // A logger's failure must not unwind through native frames: that ends the process.
        }
    }

    internal static void Append(int ggmlLevel, string text)
    {
        var line = _line ??= new StringBuilder();
        if (ggmlLevel != Cont)
            _level = ggmlLevel;
        line.Append(text);
        if (!text.EndsWith('\n'))
            return;
        var message = line.ToString().Trim();
        line.Clear();
        if (message.Length == 0)
            return;
        if (_level == 4)
            _errors?.Add(message);
        var level = LevelOf(_level);
        if (Logger.IsEnabled(level))
            Logger.Log(level, default, message, null, static (state, _) => state);
    }

    private static LogLevel LevelOf(int level) => level switch
    {
        2 => LogLevel.Debug,
        3 => LogLevel.Warning,
        4 => LogLevel.Error,
        _ => LogLevel.Trace,
    };

    /// <summary>An assertion failed: the process ends when this returns.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Die(byte* text)
    {
        var message = "llama.cpp stops the process: " + Marshal.PtrToStringUTF8((nint)text);
        try
        {
            Logger.Log(LogLevel.Critical, default, message, null, static (state, _) => state);
            // A logger that writes later won't write this.
            Console.Error.WriteLine(message);
        }
        catch (Exception)
        {
            // As in Write.
        }
    }
}
