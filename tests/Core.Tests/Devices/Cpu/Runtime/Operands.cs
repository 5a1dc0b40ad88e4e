using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Devices.Cpu.Runtime.Operations;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

/// <summary>Operands, and runs with the promises that every operation makes: nothing is written beyond Y, and the bits do not depend on the number of workers.</summary>
internal static class Operands
{
    public static readonly int[] Awkward = [1, 2, 3, 7, 8, 15, 17, 31, 33];

    public static float[] Draw(int count, uint stream = 0, float range = 1) => new Draws(11, stream).Floats(count, range);

    /// <param name="build">Makes the operation for so many workers.</param>
    public static float[] Run(Func<int, Operation> build, ReadOnlySpan<float> x)
    {
        float[]? first = null;
        foreach (int count in new[] { 1, 2, 3 })
        {
            using var workers = new Workers(count);
            Operation operation = build(count);
            Assert.Equal(operation.Inputs, x.Length);
            float[] y = new float[operation.Outputs + 2 * Sample.Canaries];
            for (int times = 0; times < 2; times++)
            {
                Array.Fill(y, Sample.Canary);
                operation.Run(x, y.AsSpan(Sample.Canaries, operation.Outputs), workers);
                Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
                Assert.Equal(first ??= y[Sample.Canaries..^Sample.Canaries], y[Sample.Canaries..^Sample.Canaries]);
            }
        }
        return first!;
    }

    /// <summary>Every element within <paramref name="relative"/> of the largest expected magnitude.</summary>
    public static void Near(double[] expected, float[] actual, double relative, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double bound = relative * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{what} at {i}: expected {expected[i]} within {bound}, got {actual[i]}");
    }
}
