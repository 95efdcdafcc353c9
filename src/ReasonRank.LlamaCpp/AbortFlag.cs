using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ReasonRank.LlamaCpp;

/// <summary>A flag outside the managed heap that llama.cpp polls while it computes on a processor; a GPU finishes its step.</summary>
internal sealed unsafe class AbortFlag : IDisposable
{
    private readonly int* _flag = (int*)NativeMemory.AllocZeroed(sizeof(int));

    public nint Address => (nint)_flag;

    public static delegate* unmanaged[Cdecl]<nint, byte> Callback => &IsRaised;

    public void Raise() => Volatile.Write(ref *_flag, 1);

    public void Lower() => Volatile.Write(ref *_flag, 0);

    public void Dispose() => NativeMemory.Free(_flag);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsRaised(nint flag) => (byte)Volatile.Read(ref *(int*)flag);
}
