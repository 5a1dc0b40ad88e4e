namespace Hone.Devices.Fpga.Simulation;

/// <summary>The memory behind the ports: so many bytes a cycle for all of them together; what is not used in a cycle is lost, but for less than a word.</summary>
/// <param name="bytesPerCycle">May be infinite.</param>
internal sealed class ExternalMemory(double bytesPerCycle)
{
    /// <summary>A word of 128 bits.</summary>
    public const int WordBytes = 16;

    private double _credit;

    /// <summary>Words moved since the start, in both directions.</summary>
    public long Words { get; private set; }

    /// <summary>One clock edge.</summary>
    public void Step() => _credit = Math.Min(_credit, WordBytes) + bytesPerCycle;

    /// <summary>Moves one word, if this cycle has room for it.</summary>
    public bool Move()
    {
        if (_credit < WordBytes) return false;
        _credit -= WordBytes;
        Words++;
        return true;
    }
}
