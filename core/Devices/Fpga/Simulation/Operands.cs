namespace Hone.Devices.Fpga.Simulation;

/// <summary>Integer operands of a product; a fully connected layer has one head.</summary>
/// <param name="Weights">Codes (heads, M, K): -8..7 in the first Rows4 rows, -128..127 in the others.</param>
/// <param name="Activations">Codes (heads, K, F).</param>
/// <param name="SignedActivations">Else they count from 0.</param>
public sealed record Operands(short[] Weights, short[] Activations, bool SignedActivations)
{
    /// <summary>Accumulators (heads, M, F) by plain multiplication: the judge of the packed arithmetic.</summary>
    public int[] Plain(in GemmShape shape)
    {
        int heads = Math.Max(shape.Heads, 1), m = shape.Rows, k = shape.K, f = shape.Columns;
        int[] sums = new int[heads * m * f];   // (heads, M, F)
        for (int h = 0; h < heads; h++)
            for (int row = 0; row < m; row++)
                for (int i = 0; i < k; i++)
                    for (int column = 0; column < f; column++)
                        sums[(h * m + row) * f + column] += Weights[(h * m + row) * k + i] * Activations[(h * k + i) * f + column];
        return sums;
    }

    internal void Check(in GemmShape shape)
    {
        int heads = Math.Max(shape.Heads, 1);
        if (Weights.Length != heads * shape.Rows * shape.K || Activations.Length != heads * shape.K * shape.Columns)
            throw new ArgumentException($"expected weights {heads} x {shape.Rows} x {shape.K} and activations {heads} x {shape.K} x {shape.Columns}; got lengths {Weights.Length} and {Activations.Length}");
        if (shape.Rows16 > 0) throw new ArgumentException("expected rows of 4 and 8 bits; the values of 16-bit rows are not simulated, only their cycles");
    }
}
