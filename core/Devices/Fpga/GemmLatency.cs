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
    private const int PortBits = 128, WordBytes = PortBits / 8;

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
        long total = 0, worst = 0, output = 0;
        Bound bound = Bound.Compute;
        Add(OwnRows(own, s), own, s);
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

    /// <summary>
    /// Whether the two input banks hold all stretches of K at once, F words of a bank each, so that the activations cross the external memory once and not
    /// again for every row tile. A bank is made of whole 18 Kb blocks of 512 words. [proposal]
    /// </summary>
    public static bool Resident(Engine e, in GemmShape s)
    {
        int depth = Resources.BankDepth * Ceil(s.Columns, Resources.BankDepth);
        return Ceil(s.K, s.Heads > 0 ? e.Tk : e.Th * e.Tk) <= 2 * (depth / s.Columns);
    }

    /// <summary>
    /// Bytes that cross the external memory, in whole words of 128 bits as the ports move them, ragged tiles included: every weight tile once, the results once, the
    /// activations once where they stay <see cref="Resident"/>, else once for every row tile.
    /// </summary>
    public static double Bytes(Engine e, in GemmShape s)
    {
        int own = e.Kind.WeightBits, lanes = e.Th * e.Tk;
        long rowTiles = 0, weights = 0;   // weights: words of one stretch of K, all row tiles
        Add(OwnRows(own, s), own);
        if (own < 8) Add(s.Rows8, 8);
        if (own < 16) Add(s.Rows16, 16);
        long inputs = (Resident(e, s) ? Math.Min(1, rowTiles) : rowTiles) * s.Columns * Ceil(lanes, PortBits / Math.Max(s.InputBits, e.Kind.ActivationBits));
        long outputs = rowTiles * s.Columns * Ceil(s.Heads > 0 ? e.Th * e.Tm : e.Tm, PortBits / e.Kind.OutputBits);
        long groups = s.Heads == 0 ? 1 : Ceil(s.Heads, e.Th);
        return (double)WordBytes * groups * ((weights + inputs) * Ceil(s.K, s.Heads > 0 ? e.Tk : lanes) + outputs);

        void Add(int rows, int bits)
        {
            rowTiles += Ceil(rows, e.Tm);
            weights += (long)Ceil(rows, e.Tm) * e.Tm * Ceil(lanes, PortBits / bits);
        }
    }

    /// <summary>Rows as wide as the engine's own weights, or narrower, which run as its own.</summary>
    private static int OwnRows(int own, in GemmShape s) => s.Rows4 + (own >= 8 ? s.Rows8 : 0) + (own >= 16 ? s.Rows16 : 0);

    internal static int Ceil(int a, int b) => (a + b - 1) / b;

    internal static long Ceil(long a, int b) => (a + b - 1) / b;
}
