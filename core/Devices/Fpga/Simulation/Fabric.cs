namespace Hone.Devices.Fpga.Simulation;

/// <summary>What surrounds the engine in a simulation.</summary>
/// <param name="ColumnPairs">Whether a lone last column takes the slot of a pair, as slices that multiply two columns at once need; else it takes half of it, as the formula has it.</param>
/// <param name="Depth">Cycles from a multiplication to its sum in the accumulators: slice, unpacking, adder tree.</param>
/// <param name="BurstLatency">Cycles before the first word of each transfer.</param>
/// <param name="MemoryBytes">Bytes that the external memory moves per cycle, shared by all ports; infinite: the ports alone decide.</param>
public sealed record Fabric(bool ColumnPairs, int Depth, int BurstLatency, double MemoryBytes)
{
    /// <summary>200 ns at 150 MHz from a request to the first word of a DDR4 behind an AXI port. [proposal]</summary>
    public const int Burst = 30;

    /// <summary>Four registers in a slice [vendor], one for the unpacking [proposal].</summary>
    private const int SliceStages = 4, UnpackStages = 1;

    /// <summary>What the formula takes for granted: every column its own slot, no pipeline, a memory that never makes a port wait.</summary>
    public static readonly Fabric Formula = new(ColumnPairs: false, Depth: 0, BurstLatency: 0, MemoryBytes: double.PositiveInfinity);

    /// <summary>Pairs of columns, one pipeline stage for each level of a binary adder tree over Th Tk products, and the board's memory at 80 % of its peak. [proposal]</summary>
    public static Fabric Real(Engine engine, Board board)
    {
        int levels = 0;
        while (1 << levels < engine.Th * engine.Tk) levels++;
        return new Fabric(ColumnPairs: true, SliceStages + UnpackStages + levels, Burst, board.BytesPerCycle);
    }
}
