using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Convolution;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class ConvOperationTests
{
    private const double Bound = 1e-5;   // of the largest output

    public static TheoryData<int, int, int, int, int, int, int, int> Shapes => new()
    {
        // batch, channels, height, width, outputs, kernel, stride, padding
        { 1, 1, 1, 1, 1, 1, 1, 0 }, { 2, 3, 7, 5, 8, 3, 1, 1 }, { 1, 3, 8, 8, 17, 3, 2, 1 }, { 2, 7, 9, 4, 15, 1, 1, 0 }, { 1, 8, 9, 9, 2, 1, 2, 0 }, { 3, 2, 6, 7, 33, 4, 3, 2 }, { 1, 1, 5, 5, 3, 5, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AConvolutionAsAProductIsThatOfTheReference(int batch, int channels, int height, int width, int outputs, int kernel, int stride, int padding)
    {
        var shape = new ConvShape(batch, channels, height, width, outputs, kernel, kernel, stride, padding, 1);
        (float[] w, float[] bias) = Weights(shape);
        Check(shape, w, bias, new Unfolded(shape, new GemmMatrix(new FloatGemm(w, outputs, shape.Inputs, bias))), Bound);
        Check(shape, w, bias, new Grouped(shape, w, bias), Bound);
    }

    [Fact]
    public void AConvolutionOfManyStripsIsThatOfTheReference()
    {
        var shape = new ConvShape(1, 65, 40, 40, 4, 3, 3, 1, 1, 1);
        Assert.True(Unfolded.Strip(shape) < shape.Positions / 3);
        (float[] w, float[] bias) = Weights(shape);
        Check(shape, w, bias, new Unfolded(shape, new GemmMatrix(new FloatGemm(w, shape.Outputs, shape.Inputs, bias))), Bound);
    }

    [Fact]
    public void DepthwiseAndOtherGroupsAreThoseOfTheReference()
    {
        foreach (int channels in Operands.Awkward)
        foreach (int stride in new[] { 1, 2 })
        {
            var shape = new ConvShape(2, channels, 6, 5, channels, 3, 2, stride, 1, channels);
            (float[] w, float[] bias) = Weights(shape);
            Check(shape, w, bias, new Depthwise(shape, w, bias), Bound);
            Check(shape, w, bias, new Grouped(shape, w, bias), Bound);
            ConvShape grouped = shape with { Channels = 3 * channels, Outputs = 2 * channels };
            (w, bias) = Weights(grouped);
            Check(grouped, w, bias, new Grouped(grouped, w, bias), Bound);
        }
    }

    [Fact]
    public void CodesAreWithinTheRoundingOfEightBitRows()
    {
        var shape = new ConvShape(2, 9, 7, 7, 5, 3, 3, 1, 1, 1);
        (float[] w, float[] bias) = Weights(shape);
        sbyte[] codes = [.. w.Select(v => (sbyte)MathF.Round(v * 127))];
        float[] scales = [.. Enumerable.Repeat(1 / 127f, shape.Outputs)], x = Operands.Draw(2 * 7 * 7 * 9, 3);
        float[] y = Operands.Run(_ => new ConvOperation(shape, new Unfolded(shape, new GemmMatrix(new ByteGemm(codes, shape.Outputs, shape.Inputs, scales, bias, shape.Positions))), []), x);
        double[] expected = Reference(shape, x, w, bias);
        for (int i = 0; i < y.Length; i++) Assert.InRange(Math.Abs(y[i] - expected[i]), 0, shape.Inputs / 127.0);
    }

    private static (float[] Weights, float[] Bias) Weights(ConvShape shape) => (Operands.Draw(shape.Outputs * shape.Inputs, 1), Operands.Draw(shape.Outputs, 2));

    private static void Check(ConvShape shape, float[] w, float[] bias, IConvolution convolution, double bound)
    {
        float[] x = Operands.Draw(shape.Batch * shape.Height * shape.Width * shape.Channels, 3);
        double[] expected = Reference(shape, x, w, bias);
        Operands.Near([.. expected.Select(v => v < 0 ? 0 : v), 1], [.. Operands.Run(_ => new ConvOperation(shape, convolution, [new FunctionStep(Function.Relu, shape.Outputs, [], [])]), x), 1], bound, $"{convolution.GetType().Name} {shape}");
    }

    // By the definition, in double, on [batch][height][width][channels].
    private static double[] Reference(ConvShape s, float[] x, float[] w, float[] bias)
    {
        int oh = (s.Height + 2 * s.Padding - s.KernelHeight) / s.Stride + 1, ow = (s.Width + 2 * s.Padding - s.KernelWidth) / s.Stride + 1, depth = s.Channels / s.Groups;
        double[] y = new double[s.Batch * oh * ow * s.Outputs];
        for (int b = 0; b < s.Batch; b++)
        for (int oy = 0; oy < oh; oy++)
        for (int ox = 0; ox < ow; ox++)
        for (int o = 0; o < s.Outputs; o++)
        {
            double sum = bias[o];
            for (int ky = 0; ky < s.KernelHeight; ky++)
            for (int kx = 0; kx < s.KernelWidth; kx++)
            for (int c = 0; c < depth; c++)
            {
                int iy = oy * s.Stride + ky - s.Padding, ix = ox * s.Stride + kx - s.Padding, channel = o / (s.Outputs / s.Groups) * depth + c;
                if (iy < 0 || ix < 0 || iy >= s.Height || ix >= s.Width) continue;
                sum += (double)x[((b * s.Height + iy) * s.Width + ix) * s.Channels + channel] * w[((o * s.KernelHeight + ky) * s.KernelWidth + kx) * depth + c];
            }
            y[((b * oh + oy) * ow + ox) * s.Outputs + o] = sum;
        }
        return y;
    }
}
