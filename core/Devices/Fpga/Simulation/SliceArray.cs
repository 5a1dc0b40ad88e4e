namespace Hone.Devices.Fpga.Simulation;

/// <summary>
/// The array's arithmetic: products through packed DSP slices, added outside them. A slice of the 4 x 6-bit kind multiplies two columns with two 4-bit rows
/// or with the two nibbles of one 8-bit row, so columns enter in pairs; a pair takes twice the cycles of a column.
/// </summary>
internal sealed class SliceArray(Engine engine, GemmShape shape, bool signedActivations)
{
    private readonly int _inputBits = Math.Max(shape.InputBits, engine.Kind.ActivationBits);

    /// <summary>Adds a bank's products of columns <paramref name="column"/> and, where there is one, the next to the accumulators.</summary>
    /// <param name="accumulators">(Th per head, else 1; Tm; F).</param>
    public void Add(TileValues bank, int column, int[] accumulators)
    {
        for (int lane = 0; lane < engine.Th; lane++)
            for (int i = 0; i < engine.Tk; i++) AddIndex(bank, lane, i, column, accumulators);
    }

    private void AddIndex(TileValues bank, int lane, int i, int column, int[] accumulators)
    {
        int f = shape.Columns, at = (lane * engine.Tk + i) * f + column, rows = bank.Tile.Rows.Length, sums = (shape.Heads > 0 ? lane : 0) * engine.Tm;
        int a1 = bank.Activations![at], a2 = column + 1 < f ? bank.Activations[at + 1] : 0;
        for (int r = 0; r < rows;)
        {
            bool pair = bank.Tile.WeightBits == 4 && r + 1 < rows;
            (int p11, int p12, int p21, int p22) = Products(bank.Tile.WeightBits, a1, a2, Weight(r), pair ? Weight(r + 1) : 0);
            Sum(r, p11, p21);
            if (pair) Sum(r + 1, p12, p22);
            r += pair ? 2 : 1;
        }

        int Weight(int row) => bank.Weights![(lane * engine.Tm + row) * engine.Tk + i];

        void Sum(int row, int first, int second)
        {
            int into = (sums + row) * f + column;
            accumulators[into] += first;
            if (column + 1 < f) accumulators[into + 1] += second;
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
            bool top = shift + 6 >= _inputBits, signed = top && signedActivations;
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
}
