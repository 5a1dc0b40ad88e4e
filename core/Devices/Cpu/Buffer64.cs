namespace Hone.Devices.Cpu;

/// <summary>Memory that the collector leaves in its place, zeroed, its first element on a cache line; freed with its last reference.</summary>
internal sealed unsafe class Buffer64<T> where T : unmanaged
{
    private const int Line = 64;
    private readonly byte[] _bytes;

    public Buffer64(int count)
    {
        Count = count;
        _bytes = GC.AllocateArray<byte>(checked(count * sizeof(T) + Line), pinned: true);
        nint start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_bytes));
        Pointer = (T*)((start + Line - 1) & ~(nint)(Line - 1));
        HugePages.Ask((byte*)start, _bytes.Length);
    }

    public int Count { get; }

    /// <summary>Valid as long as this object is referenced.</summary>
    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Count);
}
