namespace Hone.Devices.Fpga;

/// <summary>What keeps an operation from being faster.</summary>
public enum Bound { Compute, Input, Weights, Output, Memory, Host }

/// <summary>Cycles of one pass over K for one tile of Tm rows, by what they are spent on.</summary>
/// <param name="Steps">Tiles of K that are loaded and multiplied.</param>
public readonly record struct RowTile(long Input, long Weights, long Output, long Compute, long Steps)
{
    /// <summary>L_1: load the next tile while this one computes.</summary>
    public long Step => Math.Max(Math.Max(Input, Weights), Compute);

    /// <summary>L_2: one row tile, all of K, its results leaving while the next one runs.</summary>
    public long Cycles => Math.Max(Steps * Step + Compute, Output);

    public Bound Bound => Output > Steps * Step + Compute ? Bound.Output
        : Compute >= Input && Compute >= Weights ? Bound.Compute
        : Input >= Weights ? Bound.Input : Bound.Weights;
}

/// <summary>
/// Cycles of a tiled, double-buffered matrix product: a weight tile is held while all columns stream. Plain functions of plain integers, and
/// the slow, obvious version that judges the memoised one. Source: the analytic model of the ViT accelerators on the ZCU102, with open
/// details fixed as the README of this room says.
/// </summary>
public static class GemmLatency
{
    private const int PortBits = 128;

    /// <summary>One row tile of a product with weights of <paramref name="weightBits"/> and activations of <paramref name="inputBits"/> (both as stored).</summary>
    /// <param name="pieces">c: cycles per column and tile, the atoms that one product takes.</param>
    /// <param name="perHead">Each lane works on its own head; else the lanes split K.</param>
    public static RowTile Tile(Engine e, int k, int columns, int weightBits, int inputBits, int pieces, bool perHead)
    {
        int lanes = e.Th * e.Tk, outputs = perHead ? e.Th * e.Tm : e.Tm;
        return new RowTile(
            Input: Ceil((long)Ceil(lanes, PortBits / inputBits) * columns, e.Ports.Input),
            Weights: Ceil((long)Ceil(lanes, PortBits / weightBits) * e.Tm, e.Ports.Weights),
            Output: Ceil((long)Ceil(outputs, PortBits / e.Kind.OutputBits) * columns, e.Ports.Output),
            Compute: (long)pieces * columns,
            Steps: Ceil(k, perHead ? e.Tk : lanes));
    }

    /// <summary>L: cycles of a whole product. Rows of one width fill tiles together; a half-filled tile costs a full one.</summary>
    public static long Cycles(Engine e, in GemmShape s) => Explain(e, s).Cycles;

    /// <summary>As <see cref="Cycles"/>, with what bounds the costliest row tiles.</summary>
    public static (long Cycles, Bound Bound) Explain(Engine e, in GemmShape s)
    {
        int own = e.Kind.WeightBits;
        // Rows as wide as the engine's own weights, or narrower, run as its own.
        int narrow = (own >= 4 ? s.Rows4 : 0) + (own >= 8 ? s.Rows8 : 0) + (own >= 16 ? s.Rows16 : 0);
        long total = 0, worst = 0, output = 0;
        Bound bound = Bound.Compute;
        Add(narrow, own, s);
        if (own < 8) Add(s.Rows8, 8, s);
        if (own < 16) Add(s.Rows16, 16, s);
        long groups = s.Heads == 0 ? 1 : Ceil(s.Heads, e.Th);
        return (groups * (total + output), bound);

        void Add(int rows, int bits, in GemmShape s)
        {
            if (rows == 0) return;
            int inputBits = Math.Max(s.InputBits, e.Kind.ActivationBits);
            int pieces = Ceil(bits, own) * Ceil(inputBits, e.Kind.ActivationBits);
            RowTile tile = Tile(e, s.K, s.Columns, bits, inputBits, pieces, s.Heads > 0);
            long cycles = Ceil(rows, e.Tm) * tile.Cycles;
            total += cycles;
            output = tile.Output;
            if (cycles <= worst) return;
            (worst, bound) = (cycles, tile.Bound);
        }
    }

    /// <summary>Bytes that must cross the external memory: weights, inputs and outputs once each, as this engine stores them.</summary>
    public static double Bytes(Engine e, in GemmShape s)
    {
        int own = e.Kind.WeightBits;
        double weights = (double)s.Rows4 * Math.Max(4, own) + (double)s.Rows8 * Math.Max(8, own) + (double)s.Rows16 * Math.Max(16, own);
        double inputs = (double)s.Columns * Math.Max(s.InputBits, e.Kind.ActivationBits), outputs = (double)s.Rows * s.Columns * e.Kind.OutputBits;
        return Math.Max(s.Heads, 1) * (weights * s.K + inputs * s.K + outputs) / 8;
    }

    internal static int Ceil(int a, int b) => (a + b - 1) / b;

    internal static long Ceil(long a, int b) => (a + b - 1) / b;
}
