namespace Hone.Devices.Fpga.Simulation;

/// <summary>Takes the words of a transfer as they arrive.</summary>
internal interface IWordMover
{
    /// <summary>Moves one word: elements <c>word perWord</c> and following of a row.</summary>
    /// <param name="row">A column of the activations or results, a row of the weights.</param>
    void Move(int row, int word, int perWord);
}

/// <summary>A transfer engine on some ports of 128 bits: each cycle every port moves one word of the transfer at hand, as far as the memory allows.</summary>
/// <param name="ports">Words a cycle.</param>
/// <param name="latency">Cycles before a transfer's first word.</param>
internal sealed class DmaQueue(int ports, int latency, ExternalMemory memory)
{
    private const int PortBits = 128;

    private int _row, _rows, _word, _words, _perWord, _wait;
    private bool _external;
    private IWordMover? _mover;

    public bool Busy => _row < _rows;

    /// <summary>Begins a transfer of so many rows, each packed into whole words.</summary>
    /// <param name="elements">Elements of a row.</param>
    /// <param name="bits">Bits of an element; none is split over two words.</param>
    /// <param name="external">Whether the words cross the external memory; else they come from block RAM, without latency.</param>
    /// <param name="mover">Null: only the time passes.</param>
    public void Start(int elements, int bits, int rows, bool external, IWordMover? mover)
    {
        if (Busy) throw new InvalidOperationException("a transfer was started before the last one had ended");
        (_perWord, _row, _rows, _word, _external, _mover) = (PortBits / bits, 0, rows, 0, external, mover);
        _words = elements / _perWord + (elements % _perWord > 0 ? 1 : 0);
        _wait = external ? latency : 0;
    }

    /// <summary>One clock edge.</summary>
    public void Step()
    {
        if (!Busy) return;
        if (_wait > 0)
        {
            _wait--;
            return;
        }
        for (int port = 0; port < ports && Busy; port++)
        {
            if (_external && !memory.Move()) return;
            _mover?.Move(_row, _word, _perWord);
            if (++_word < _words) continue;
            (_word, _row) = (0, _row + 1);
        }
    }
}
