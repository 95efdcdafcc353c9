using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>llama.cpp's log, which is one for the process.</summary>
internal static unsafe class LlamaLog
{
    [ThreadStatic]
    private static LogLine? _line;

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
            if ((_line ??= new LogLine()).Add(level, Marshal.PtrToStringUTF8((nint)text) ?? "") is { } line)
                Send(line.Level, line.Message);
        }
        catch (Exception)
        {
            // A logger's failure must not unwind through native frames: that ends the process.
        }
    }

    private static void Send(LogLevel level, string message)
    {
        if (level == LogLevel.Error)
            _errors?.Add(message);
        if (Logger.IsEnabled(level))
            Logger.Log(level, default, message, null, static (state, _) => state);
    }

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
