namespace Hone.Devices.Fpga.Simulation;

/// <summary>
/// The array's arithmetic: products through packed DSP slices, added outside them. A slice of the 4 x 6-bit kind multiplies two columns with two 4-bit rows
/// or with the two nibbles of one 8-bit row, so columns enter in pairs; a pair takes twice the cycles of a column.
/// </summary>
internal sealed class SliceArray(Engine engine, GemmShape shape, Operands operands)
{
    private readonly int _inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits);

    /// <summary>Adds a tile's products of columns <paramref name="column"/> and, where there is one, the next to the accumulators.</summary>
    /// <param name="accumulators">(lanes or 1, Tm, F).</param>
    public void Add(Tile tile, int column, int[] accumulators)
    {
        bool perHead = shape.Heads > 0;
        for (int lane = 0; lane < engine.Th; lane++)
        {
            int head = perHead ? tile.Group * engine.Th + lane : 0;
            if (head >= Math.Max(shape.Heads, 1)) return;   // lanes without a head idle
            int from = tile.From + (perHead ? 0 : lane * engine.Tk), to = Math.Min(from + engine.Tk, shape.K);
            for (int i = from; i < to; i++) AddIndex(tile, head, perHead ? lane : 0, i, column, accumulators);
        }
    }

    private void AddIndex(Tile tile, int head, int bank, int i, int column, int[] accumulators)
    {
        int f = shape.Columns, a1 = Activation(head, i, column), a2 = column + 1 < f ? Activation(head, i, column + 1) : 0;
        for (int r = 0; r < tile.Rows.Length;)
        {
            int w1 = Weight(head, tile.Rows[r], i);
            bool pair = tile.WeightBits == 4 && r + 1 < tile.Rows.Length;
            int w2 = pair ? Weight(head, tile.Rows[r + 1], i) : 0;
            (int p11, int p12, int p21, int p22) = Products(tile.WeightBits, a1, a2, w1, w2);
            Sum(r, p11, p21);
            if (pair) Sum(r + 1, p12, p22);
            r += pair ? 2 : 1;
        }

        void Sum(int row, int first, int second)
        {
            int at = (bank * engine.Tm + row) * f + column;
            accumulators[at] += first;
            if (column + 1 < f) accumulators[at + 1] += second;
        }
    }

    private (int, int, int, int) Products(int weightBits, int a1, int a2, int w1, int w2)
    {
        if (engine.Kind.Pack == 2) return Bytes(a1, a2, w1);
        if (engine.Kind.Pack == 1) return ((int)DspPacking.Multiply(a1, w1), 0, (int)DspPacking.Multiply(a2, w1), 0);
        // Wide activations enter in pieces of 6 bits, the lower ones unsigned.
        int p11 = 0, p12 = 0, p21 = 0, p22 = 0;
        for (int shift = 0; shift < _inputBits; shift += 6)
        {
            bool top = shift + 6 >= _inputBits, signed = top && operands.SignedActivations;
            int x1 = top ? a1 >> shift : a1 >> shift & 63, x2 = top ? a2 >> shift : a2 >> shift & 63;
            if (weightBits == 8)
            {
                (int y1, int y2) = DspPacking.Hybrid(x1, x2, w1, signed);
                (p11, p21) = (p11 + (y1 << shift), p21 + (y2 << shift));
                continue;
            }
            (int q11, int q12, int q21, int q22) = DspPacking.Four(x1, x2, w1, w2, signed, signedLow: true);
            (p11, p12, p21, p22) = (p11 + (q11 << shift), p12 + (q12 << shift), p21 + (q21 << shift), p22 + (q22 << shift));
        }
        return (p11, p12, p21, p22);
    }

    // One weight times the activations of two columns in one slice; wide activations in pieces of 8 bits, the lower ones unsigned (the ports hold 9 signed bits).
    private (int, int, int, int) Bytes(int a1, int a2, int w)
    {
        int sum1 = 0, sum2 = 0;
        for (int shift = 0; shift < _inputBits; shift += 8)
        {
            bool top = shift + 8 >= _inputBits;
            (int p1, int p2) = DspPacking.Two(w, top ? a1 >> shift : a1 >> shift & 255, top ? a2 >> shift : a2 >> shift & 255);
            (sum1, sum2) = (sum1 + (p1 << shift), sum2 + (p2 << shift));
        }
        return (sum1, 0, sum2, 0);
    }

    private int Weight(int head, int row, int i) => operands.Weights[(head * shape.Rows + row) * shape.K + i];

    private int Activation(int head, int i, int column) => operands.Activations[(head * shape.K + i) * shape.Columns + column];
}
