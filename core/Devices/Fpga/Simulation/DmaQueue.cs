namespace Hone.Devices.Fpga.Simulation;

/// <summary>A transfer engine on some ports of 128 bits: each cycle every port moves one word of the transfer at hand.</summary>
/// <param name="ports">Words a cycle.</param>
/// <param name="startUp">Cycles before a transfer's first word.</param>
internal sealed class DmaQueue(int ports, int startUp)
{
    private long _left;
    private int _wait;

    public bool Busy => _left > 0;

    /// <summary>Begins a transfer of so many rows, each packed into whole words.</summary>
    /// <param name="elements">Elements of a row (a column of the activations, a row of the weights).</param>
    /// <param name="bits">Bits of an element; none is split over two words.</param>
    public void Start(int elements, int bits, int rows)
    {
        if (Busy) throw new InvalidOperationException("a transfer was started before the last one had ended");
        int perWord = 128 / bits, words = 0;
        for (int packed = 0; packed < elements; packed += perWord) words++;
        (_left, _wait) = ((long)words * rows, startUp);
    }

    /// <summary>One clock edge.</summary>
    public void Step()
    {
        if (_wait > 0)
        {
            _wait--;
            return;
        }
        for (int port = 0; port < ports && _left > 0; port++) _left--;
    }
}
