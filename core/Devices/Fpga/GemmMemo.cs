namespace Hone.Devices.Fpga;

/// <summary>
/// Remembers the cycles of matrix products on every candidate engine of a board. Bounded: sets of four slots, the oldest written over.
/// Safe for many threads without locks: entries never change, and a lost write only costs a computation.
/// </summary>
internal sealed class GemmMemo(Engine[] engines, Board board)
{
    private const int Ways = 4, Sets = 1 << 13;

    private readonly Entry?[] _slots = new Entry?[Ways * Sets];
    private int _writes;

    private sealed class Entry(GemmShape shape, double[] cycles)
    {
        public readonly GemmShape Shape = shape;
        public readonly double[] Cycles = cycles;
    }

    /// <summary>Cycles per candidate engine, whole numbers, in the order of the candidates. Do not write to it.</summary>
    public double[] Cycles(in GemmShape shape)
    {
        int first = (shape.GetHashCode() & (Sets - 1)) * Ways;
        for (int way = 0; way < Ways; way++)
        {
            Entry? entry = Volatile.Read(ref _slots[first + way]);
            if (entry is null) break;
            if (entry.Shape.Equals(shape)) return entry.Cycles;
        }
        return Add(first, shape);
    }

    private double[] Add(int first, in GemmShape shape)
    {
        double[] cycles = new double[engines.Length]; // (engines)
        for (int e = 0; e < cycles.Length; e++) cycles[e] = Cost(engines[e], board, shape).Cycles;
        int way = 0;
        while (way < Ways && Volatile.Read(ref _slots[first + way]) is not null) way++;
        if (way == Ways) way = Interlocked.Increment(ref _writes) & (Ways - 1);
        Volatile.Write(ref _slots[first + way], new Entry(shape, cycles));
        return cycles;
    }

    /// <summary>Cycles of one product on one engine of a board, without the memo, and what bounds it.</summary>
    public static (double Cycles, Bound Bound) Cost(Engine engine, Board board, in GemmShape shape)
    {
        (long cycles, Bound bound) = GemmLatency.Explain(engine, shape);
        if (!board.Ddr.Binds) return (cycles, bound);
        double traffic = Math.Ceiling(GemmLatency.Bytes(engine, shape) / board.BytesPerCycle);
        return traffic > cycles ? (traffic, Bound.Memory) : (cycles, bound);
    }
}
