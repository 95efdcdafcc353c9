using System.Runtime.InteropServices;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>A processor or GPU that a loaded backend offers.</summary>
/// <param name="FreeBytes">Free memory as the backend reports it.</param>
internal readonly record struct Device(string Name, string Description, bool IsGpu, long FreeBytes);

/// <summary>The devices of the loaded backends, in llama.cpp's order.</summary>
internal static unsafe class Devices
{
    public static IReadOnlyList<Device> All()
    {
        var devices = new Device[(int)GgmlApi.ggml_backend_dev_count()];
        for (var i = 0; i < devices.Length; i++)
        {
            var device = GgmlApi.ggml_backend_dev_get((nuint)i);
            GgmlApi.ggml_backend_dev_memory(device, out var free, out _);
            devices[i] = new Device(
                Marshal.PtrToStringUTF8((nint)GgmlApi.ggml_backend_dev_name(device)) ?? "",
                Marshal.PtrToStringUTF8((nint)GgmlApi.ggml_backend_dev_description(device)) ?? "",
                GgmlApi.ggml_backend_dev_type(device) is GgmlApi.GGML_BACKEND_DEVICE_TYPE_GPU or GgmlApi.GGML_BACKEND_DEVICE_TYPE_IGPU,
                (long)Math.Min(free, long.MaxValue));
        }
        return devices;
    }

    public static IReadOnlyList<Device> Gpus() => [.. All().Where(device => device.IsGpu)];
}
