using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Sparse;

/// <summary>Pruned weights of a structure with operands, and their products in double.</summary>
internal sealed class Pruned
{
    public const int BlockHeight = 8, BlockWidth = 16;
    public static readonly string[] Structures = ["all", "none", "random", "blocks", "columns of blocks", "empty blocks"];
    private readonly Chance _chance;

    public Pruned(string structure, int outputs, int inputs, int columns)
    {
        (Outputs, Inputs, Columns) = (outputs, inputs, columns);
        _chance = new Chance(13, Streams.Sampling, (uint)(outputs * 1_000_000 + inputs * 1_000 + columns));
        (W, X, Bias) = (Draw(outputs * inputs), Draw(inputs * columns), Draw(outputs));
        for (int m = 0; m < outputs; m++)
        for (int k = 0; k < inputs; k++)
        {
            bool kept = structure switch
            {
                "none" => false,
                "random" => _chance.Happens(0.2),   // hardly two rows alike: groups of one
                "empty blocks" => (m / BlockHeight + k / BlockWidth) % 2 == 1 && m % 3 > 0,
                _ => true,
            };
            if (!kept) W[m * inputs + k] = 0;
        }
        if (structure.Contains("blocks", StringComparison.Ordinal) && structure != "empty blocks")
            BlockProjection.Project(W, outputs, inputs, new BlockPruning(BlockHeight, BlockWidth, 0.3, structure == "blocks" ? 0.75 : 1)).Apply(W);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    public int Columns { get; }

    /// <summary>[M][K].</summary>
    public float[] W { get; }

    /// <summary>[K][N].</summary>
    public float[] X { get; }

    /// <summary>[M].</summary>
    public float[] Bias { get; }

    public static SparseLayout Layout(SparseFormat format) => new(format, BlockHeight, BlockWidth);

    /// <summary>Y [M][N] is the product, each element within a millionth of its terms' magnitudes.</summary>
    public void Near(ReadOnlySpan<float> y, string what)
    {
        for (int i = 0; i < Outputs; i++)
        for (int j = 0; j < Columns; j++)
        {
            double sum = Bias[i], magnitude = Math.Abs(Bias[i]);
            for (int k = 0; k < Inputs; k++)
            {
                double product = (double)W[i * Inputs + k] * X[k * Columns + j];
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }
            float got = y[i * Columns + j];
            Assert.True(Math.Abs(got - sum) <= 1e-6 * magnitude, $"{what} {Outputs} x {Inputs} x {Columns} at {i}, {j}: expected {sum}, got {got}");
        }
    }

    // No zeros: what is zero is pruned.
    private float[] Draw(int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (_chance.Next(2_000) + 0.5f) / 1_000 - 1;
        return values;
    }
}
