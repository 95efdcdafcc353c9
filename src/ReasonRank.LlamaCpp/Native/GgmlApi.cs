using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>The functions of ggml.h and ggml-backend.h that the runtime uses.</summary>
internal static unsafe partial class GgmlApi
{
    public const string Library = "ggml";
    public const string BaseLibrary = "ggml-base";

    public const int GGML_BACKEND_DEVICE_TYPE_GPU = 1;
    public const int GGML_BACKEND_DEVICE_TYPE_IGPU = 2;

    /// <summary>One more than the last value of ggml_type.</summary>
    public const int GGML_TYPE_COUNT = 43;

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ggml_set_abort_callback(delegate* unmanaged[Cdecl]<byte*, void> callback);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial long ggml_blck_size(int type);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ggml_type_size(int type);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void ggml_backend_dev_memory(nint device, out nuint free, out nuint total);

    [LibraryImport(BaseLibrary), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ggml_backend_load(string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void ggml_backend_load_all_from_path(string dir_path);
}
