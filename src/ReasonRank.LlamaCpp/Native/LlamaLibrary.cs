using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>
/// Finds and loads llama.cpp's shared libraries, once a process. Their file names carry the release (libllama.v0.5.0.so), and
/// backends are plug-ins: until <c>ggml_backend_load_all_from_path</c> has run there isn't even a CPU.
/// </summary>
internal static partial class LlamaLibrary
{
    /// <summary>Names a folder with the libraries, in place of llama/ beside the program.</summary>
    public const string DirectoryVariable = "REASONRANK_LLAMA_DIRECTORY";

    private static readonly Lock Gate = new();
    private static string? _directory;
    private static nint _base, _ggml, _llama;

    /// <summary>The release that the library names; empty until it's loaded.</summary>
    public static string Release { get; private set; } = "";

    /// <summary>Loads the libraries unless they are, and sends their log to <paramref name="logger"/> from now on.</summary>
    /// <exception cref="LlamaLibraryException">Nothing usable was found.</exception>
    public static void Load(string? directory, ILogger logger)
    {
        directory = Path.GetFullPath(directory
            ?? Environment.GetEnvironmentVariable(DirectoryVariable)
            ?? Path.Combine(AppContext.BaseDirectory, "llama"));
        lock (Gate)
        {
            LlamaLog.Logger = logger;
            if (_directory == directory)
                return;
            if (_directory is not null)
                throw new LlamaLibraryException($"llama.cpp is loaded from '{_directory}' already: one process can't load it from '{directory}' too.");
            LoadFrom(directory);
            _directory = directory;
        }
    }

    private static void LoadFrom(string directory)
    {
        SilenceBacktraces();
        if (_llama == 0)
        {
            _base = Open(Find(directory, "ggml-base"));
            _ggml = Open(Find(directory, "ggml"));
            var llama = Find(directory, "llama");
            _llama = Open(llama);
            NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), Resolve);
            Release = ReleaseOf(llama);
        }
        AbiCheck.Run(_llama, Release);
        LlamaLog.Attach();
        GgmlApi.ggml_backend_load_all_from_path(directory);
        if (GgmlApi.ggml_backend_dev_count() == 0)
            throw new LlamaLibraryException($"No llama.cpp backend in '{directory}' runs on this processor.");
        LoadOlderCuda(directory);
        LlamaApi.llama_backend_init();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        LlamaApi.Library => _llama,
        GgmlApi.Library => _ggml,
        GgmlApi.BaseLibrary => _base,
        _ => 0,
    };

    /// <summary>The library's file: "libllama.so", "libllama.v0.5.0.so", "libllama.cuda.v0.5.0.so", "llama.dll"...</summary>
    private static string Find(string directory, string name)
    {
        var prefixes = new[] { "lib" + name + ".", name + "." };
        var files = !Directory.Exists(directory) ? [] : Directory.EnumerateFiles(directory)
            .Where(file => prefixes.Any(prefix => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal)))
            .Where(file => Path.GetExtension(file) is ".so" or ".dylib" or ".dll")
            // After a switch from the processor to CUDA both builds are there; the latter serves both.
            .OrderByDescending(file => file.Contains(".cuda.", StringComparison.Ordinal))
            .ToArray();
        return files.FirstOrDefault() ?? throw new LlamaLibraryException(
            $"llama.cpp's library '{name}' isn't in '{directory}'. Build the solution, which puts it there, or set {DirectoryVariable}.");
    }

    private static nint Open(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new LlamaLibraryException($"'{file}' doesn't load: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>The file's name, "libllama.cuda.v0.5.0.so", tells more than the library, which says "0.5.0-dev".</summary>
    private static unsafe string ReleaseOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0)
            return name[(dot + 1)..];
        return NativeLibrary.TryGetExport(_llama, "llama_version", out var export)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)export)()) ?? ""
            : "of unknown release";
    }

    /// <summary>The package's CUDA backend needs CUDA 13; another, for CUDA 12, lies in fallback/.</summary>
    private static void LoadOlderCuda(string directory)
    {
        if (!File.Exists(Path.Combine(directory, "libggml-cuda.so")) || Devices.Gpus().Count > 0)
            return;
        var older = Path.Combine(directory, "fallback", "libggml-cuda.so");
        if (!File.Exists(older) || GgmlApi.ggml_backend_load(older) == 0)
            NoCuda(LlamaLog.Logger, directory);
    }

    /// <summary>
    /// An assertion in ggml otherwise forks a debugger to print a backtrace. .NET keeps its own copy of the environment,
    /// so the C library has to be told.
    /// </summary>
    private static void SilenceBacktraces()
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
        else
            _ = SetEnvironment("GGML_NO_BACKTRACE", "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LoggerMessage(LogLevel.Warning, "The CUDA backend in {Directory} found no usable CUDA runtime, driver or GPU: running on the processor")]
    private static partial void NoCuda(ILogger logger, string directory);
}
