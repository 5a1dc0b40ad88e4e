namespace Hone.Devices.Fpga.Simulation;

/// <summary>Two banks between a producer and a consumer: one is filled while the other is used. A bank used empty or filled full is a fault of the machine.</summary>
/// <typeparam name="T">What a bank holds.</typeparam>
internal sealed class TileBuffer<T>
{
    private readonly T?[] _banks = new T?[2];
    private readonly bool[] _full = new bool[2];
    private int _write, _read;

    public bool CanWrite => !_full[_write];

    public bool CanRead => _full[_read];

    public void Write(T tile)
    {
        if (!CanWrite) throw new InvalidOperationException("a full bank was written over");
        (_banks[_write], _full[_write]) = (tile, true);
        _write ^= 1;
    }

    public T Peek() => CanRead ? _banks[_read]! : throw new InvalidOperationException("an empty bank was read");

    public T Release()
    {
        T tile = Peek();
        _full[_read] = false;
        _read ^= 1;
        return tile;
    }
}
