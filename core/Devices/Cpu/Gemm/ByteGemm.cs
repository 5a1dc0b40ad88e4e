using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with 8-bit weights, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>): the sum of codes in 32 bits is
/// exact, Y = s_x s_w sum + bias. Rounding X is part of <see cref="CodeGemm.Run"/>.
/// </summary>
public sealed unsafe class ByteGemm : CodeGemm
{
    private readonly Panels<sbyte> _weights;
    private readonly Buffer64<int> _offsets;

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public ByteGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Byte[^1])
    {
    }

    internal ByteGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : base(weights.Length, outputs, inputs, scales, bias, capacity, kernel)
    {
        _weights = new Panels<sbyte>(weights, outputs, inputs, kernel);
        _offsets = new Buffer64<int>(outputs);
        for (int n = 0; n < outputs; n++)
            foreach (sbyte code in weights.Slice(n * inputs, inputs)) _offsets.Span[n] += code * kernel.Offset;
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run(Codes.Codes, Codes.Stride, Rows, _weights, (byte*)Y, from, to, new Scale(Codes.Scales, Scales.Pointer, _offsets.Pointer, Bias.Pointer));
    }

    private readonly struct Scale(float* rowScales, float* scales, int* offsets, float* bias) : IEpilogue
    {
        public void Apply(byte* y, int row, int column, int count)
        {
            int* sums = (int*)y, off = offsets + column;
            float* to = (float*)y, scale = scales + column, add = bias + column;
            float rowScale = rowScales[row];
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                Vector.Store(Vector.ConvertToSingle(Vector.Load(sums + i) - Vector.Load(off + i)) * (Vector.Load(scale + i) * rowScale) + Vector.Load(add + i), to + i);
            for (; i < count; i++) to[i] = (sums[i] - off[i]) * (scale[i] * rowScale) + add[i];
        }
    }
}
