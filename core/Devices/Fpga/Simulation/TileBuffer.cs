namespace Hone.Devices.Fpga.Simulation;

/// <summary>Two banks between a producer and a consumer: one is filled while the other is used. A bank used empty or filled full is a fault of the machine.</summary>
internal sealed class TileBuffer<T>(T first, T second)
{
    private readonly T[] _banks = [first, second];
    private readonly bool[] _full = new bool[2];
    private int _write, _read;

    public bool CanWrite => !_full[_write];

    public bool CanRead => _full[_read];

    /// <summary>The bank that is to be filled.</summary>
    public T Filling => CanWrite ? _banks[_write] : throw new InvalidOperationException("a full bank was written over");

    /// <summary>The bank that was filled first.</summary>
    public T Reading => CanRead ? _banks[_read] : throw new InvalidOperationException("an empty bank was read");

    /// <summary>Hands the filled bank over.</summary>
    public T Filled()
    {
        T bank = Filling;
        _full[_write] = true;
        _write ^= 1;
        return bank;
    }

    /// <summary>Gives the bank that was read back for filling.</summary>
    public void Release()
    {
        _ = Reading;
        _full[_read] = false;
        _read ^= 1;
    }
}
