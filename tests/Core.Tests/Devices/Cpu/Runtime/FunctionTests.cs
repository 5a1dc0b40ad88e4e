using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class FunctionTests
{
    private static IEnumerable<float> Grid(float from, float to, int points) => Enumerable.Range(0, points + 1).Select(i => from + (to - from) * i / points).Where(x => x >= from && x <= to);

    [Fact]
    public void ExpIsWithinItsBoundOverItsRange()
    {
        foreach (float x in Grid(Exp.Least, Exp.Most, 1_000_000).Concat(Grid(-1, 1, 200_000)))
            Assert.InRange(Exp.Of(new Vector<float>(x))[0] / Math.Exp(x) - 1, -Exp.Bound, Exp.Bound);
        Assert.InRange(Exp.Of(new Vector<float>(1.25f))[0] / MathF.Exp(1.25f) - 1, -2 * Exp.Bound, 2 * Exp.Bound);
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-87.01f, 0)]
    [InlineData(0, 1)]
    public void ExpIsZeroBelowItsRangeAndOneAtZero(float x, float expected) => Assert.Equal(expected, Exp.Of(new Vector<float>(x))[0]);

    [Fact]
    public void ExpIsFiniteBeyondItsRange() => Assert.Equal(Exp.Of(new Vector<float>(Exp.Most)), Exp.Of(new Vector<float>(float.MaxValue)));

    [Fact]
    public void SigmoidAndTanhAreWithinTheirRelativeBounds()
    {
        foreach (float x in Grid(-80, 80, 400_000).Concat(Grid(-2, 2, 200_000)))
        {
            Assert.InRange(Sigmoid.Of(new Vector<float>(x))[0] * (1 + Math.Exp(-(double)x)) - 1, -Sigmoid.Bound, Sigmoid.Bound);
            if (x != 0) Assert.InRange(Tanh.Of(new Vector<float>(x))[0] / Math.Tanh(x) - 1, -Tanh.Bound, Tanh.Bound);
        }
        Assert.Equal(0, Tanh.Of(Vector<float>.Zero)[0]);
    }

    [Fact]
    public void GeluIsTheErfFormWithinItsBound()
    {
        foreach (float x in Grid(-12, 12, 20_000))
        {
            double expected = x * NormalBelow(x);
            Assert.InRange(Gelu.Of(new Vector<float>(x))[0] - expected, -Gelu.Bound - 1.2e-7 * Math.Abs(expected), Gelu.Bound + 1.2e-7 * Math.Abs(expected));
        }
    }

    public static TheoryData<Function> All => [.. Enum.GetValues<Function>()];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryFunctionIsThatOfItsNameAtAwkwardSizes(Function function)
    {
        foreach (int rows in new[] { 1, 2, 3, 7 })
        foreach (int columns in Operands.Awkward)
        {
            float[] x = Operands.Draw(rows * columns, 1, range: 3), other = Operands.Draw(function == Function.Add ? x.Length : columns, 2), bias = Operands.Draw(columns, 3);
            float[] y = Operands.Run(_ => new ElementwiseOperation(rows, columns, new FunctionStep(function, columns, other, bias)), x);
            double[] expected = [.. Enumerable.Range(0, rows).SelectMany(r => Reference(function, x[(r * columns)..((r + 1) * columns)], function == Function.Add ? other[(r * columns)..((r + 1) * columns)] : other, bias))];
            Operands.Near(expected, y, 2e-6, $"{function} of {rows} x {columns}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NoFunctionLosesFinitenessOnLargeElements(Function function)
    {
        float[] x = [1e18f, -1e18f, 0, -0f, 88, -88, 1e-40f, 100, -100, 5e17f, 3];
        float[] other = [.. Enumerable.Repeat(1f, x.Length)];
        Assert.All(Operands.Run(_ => new ElementwiseOperation(1, x.Length, new FunctionStep(function, x.Length, other, other)), x), v => Assert.True(float.IsFinite(v)));
    }

    private static IEnumerable<double> Reference(Function function, float[] x, float[] other, float[] bias)
    {
        double mean = x.Average(v => (double)v), variance = x.Average(v => (v - mean) * (v - mean)), square = x.Average(v => (double)v * v);
        double largest = x.Max(), sum = x.Sum(v => Math.Exp(v - largest));
        return x.Select((v, i) => function switch
        {
            Function.Add => (double)v + other[i],
            Function.Scale => (double)v * other[i],
            Function.LayerNorm => (v - mean) / Math.Sqrt(variance + Rows.Epsilon) * other[i] + bias[i],
            Function.RmsNorm => v / Math.Sqrt(square + Rows.Epsilon) * other[i],
            Function.Gelu => v * NormalBelow(v),
            Function.Silu => v / (1 + Math.Exp(-v)),
            Function.Relu => Math.Max(0, v),
            Function.Sigmoid => 1 / (1 + Math.Exp(-v)),
            Function.Tanh => Math.Tanh(v),
            Function.Softmax => Math.Exp(v - largest) / sum,
            _ => v < 0 ? -1 : 1,
        });
    }

    // The normal distribution by its series, x sum x^2n / (1 3 5 ... (2n + 1)), where it converges well; beyond, its tail by a continued fraction.
    private static double NormalBelow(double x)
    {
        double size = Math.Abs(x), density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (size > 5)
        {
            double fraction = size;
            for (int n = 60; n >= 1; n--) fraction = size + n / fraction;
            return x < 0 ? density / fraction : 1 - density / fraction;
        }
        double term = x, sum = x;
        for (int n = 1; n < 200; n++) sum += term *= x * x / (2 * n + 1);
        return 0.5 + density * sum;
    }
}
