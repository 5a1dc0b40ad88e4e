using System.Runtime.InteropServices;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>Numbers that begin at a cache line, so that no vector is loaded from two of them.</summary>
internal sealed class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Line = 64;   // bytes
    private readonly T[] _items;
    private readonly int _offset;

    public AlignedBuffer(long length)
    {
        int size = Marshal.SizeOf<T>();
        _items = GC.AllocateArray<T>(checked((int)(length + Line / size)), pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_items, 0).ToInt64();
        _offset = (int)((Line - address % Line) % Line / size);
        Length = (int)length;
    }

    public int Length { get; }

    /// <summary>The first number.</summary>
    public ref T Start => ref _items[_offset];

    public Span<T> Span => _items.AsSpan(_offset, Length);
}
