namespace Hone.Devices.Fpga;

/// <summary>An integer matrix product that runs every multiplication through the packed DSP slice, as the engine does.</summary>
public static class PackedGemm
{
    /// <summary>Accumulators (M, F) = weights (M, K) times activations (K, F), added up outside the slices.</summary>
    /// <param name="weights">Codes (M, K): -8..7 in 4-bit rows, -128..127 in 8-bit rows.</param>
    /// <param name="rowBits">(M): 4 or 8.</param>
    /// <param name="activations">Codes (K, F): -32..31, or 0..63 when unsigned.</param>
    /// <param name="accumulators">(M, F), written over.</param>
    /// <exception cref="ArgumentException">Lengths disagree or a code is out of its range.</exception>
    public static void Run(
        ReadOnlySpan<sbyte> weights, ReadOnlySpan<byte> rowBits, int k, ReadOnlySpan<sbyte> activations, int columns, bool signedActivations, Span<int> accumulators)
    {
        int m = rowBits.Length;
        Check(weights, rowBits, k, activations, columns, signedActivations, accumulators.Length);
        accumulators.Clear();
        for (int row = 0; row < m;)
        {
            // Two neighbouring 4-bit rows share a slice; an 8-bit row fills one; a lone 4-bit row leaves half of it idle.
            bool eight = rowBits[row] == 8, pair = !eight && row + 1 < m && rowBits[row + 1] == 4;
            for (int i = 0; i < k; i++)
            {
                int w1 = weights[row * k + i], w2 = pair ? weights[(row + 1) * k + i] : 0;
                for (int f = 0; f < columns; f += 2)
                {
                    int a1 = activations[i * columns + f], a2 = f + 1 < columns ? activations[i * columns + f + 1] : 0;
                    if (eight)
                    {
                        (int p1, int p2) = DspPacking.Hybrid(a1, a2, w1, signedActivations);
                        Add(accumulators, row, f, p1, p2);
                        continue;
                    }
                    (int p11, int p12, int p21, int p22) = DspPacking.Four(a1, a2, w1, w2, signedActivations, signedLow: true);
                    Add(accumulators, row, f, p11, p21);
                    if (pair) Add(accumulators, row + 1, f, p12, p22);
                }
            }
            row += pair ? 2 : 1;
        }

        void Add(Span<int> sums, int row, int f, int first, int second)
        {
            sums[row * columns + f] += first;
            if (f + 1 < columns) sums[row * columns + f + 1] += second;
        }
    }

    private static void Check(
        ReadOnlySpan<sbyte> weights, ReadOnlySpan<byte> rowBits, int k, ReadOnlySpan<sbyte> activations, int columns, bool signed, int accumulators)
    {
        int m = rowBits.Length;
        if (weights.Length != m * k || activations.Length != k * columns || accumulators != m * columns)
            throw new ArgumentException($"expected weights {m} x {k}, activations {k} x {columns}, accumulators {m} x {columns}; got lengths {weights.Length}, {activations.Length}, {accumulators}");
        for (int row = 0; row < m; row++)
        {
            if (rowBits[row] is not (4 or 8)) throw new ArgumentException($"row {row}: expected 4 or 8 bits, got {rowBits[row]}");
            if (rowBits[row] == 4 && weights.Slice(row * k, k).ContainsAnyExceptInRange((sbyte)-8, (sbyte)7)) throw new ArgumentException($"row {row}: a 4-bit code is outside -8..7");
        }
        (sbyte low, sbyte high) = signed ? ((sbyte)-32, (sbyte)31) : ((sbyte)0, (sbyte)63);
        if (activations.ContainsAnyExceptInRange(low, high)) throw new ArgumentException($"a 6-bit activation code is outside {low}..{high}");
    }
}
