using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>Operands of one product and its sums in double.</summary>
internal sealed class Sample
{
    public const float Canary = 12_345;
    public const int Canaries = 32;
    private readonly int _rows, _outputs, _inputs;

    public Sample(int rows, int outputs, int inputs)
    {
        (_rows, _outputs, _inputs) = (rows, outputs, inputs);
        var chance = new Chance(7, Streams.Sampling, (uint)(rows * 1_000_000 + outputs * 1_000 + inputs));
        (X, W, Bias) = (Draw(chance, rows * inputs), Draw(chance, outputs * inputs), Draw(chance, outputs));
    }

    /// <summary>[M][K], in [-1, 1].</summary>
    public float[] X { get; }

    /// <summary>[N][K], in [-1, 1].</summary>
    public float[] W { get; }

    /// <summary>[N].</summary>
    public float[] Bias { get; }

    /// <summary>Row, output, the sum and the sum of its terms' magnitudes.</summary>
    public void Each(Action<int, int, double, double> see)
    {
        for (int i = 0; i < _rows; i++)
        for (int j = 0; j < _outputs; j++)
        {
            double sum = Bias[j], magnitude = Math.Abs(Bias[j]);
            for (int c = 0; c < _inputs; c++)
            {
                double product = (double)X[i * _inputs + c] * W[j * _inputs + c];
                sum += product;
                magnitude += Math.Abs(product);
            }
            see(i, j, sum, magnitude);
        }
    }

    private static float[] Draw(Chance chance, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = chance.Next(2_001) / 1_000f - 1;
        return values;
    }
}
