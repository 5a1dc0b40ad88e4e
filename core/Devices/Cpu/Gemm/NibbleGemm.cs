using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with 4-bit weights, two to a byte, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>). Weights lie as w + 8;
/// the sum of codes in 32 bits is exact: Y = s_x s_w (sum (w + 8) x - 8 sum x) + bias.
/// </summary>
public sealed unsafe class NibbleGemm : CodeGemm
{
    /// <summary>What is added to a weight.</summary>
    private const int Offset = 8;

    private readonly Panels<byte> _weights;

    /// <param name="weights">[N][K] codes from -8 to 7, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a code is none of 4 bits.</exception>
    public NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Nibble[^1])
    {
    }

    internal NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : base(weights.Length, outputs, inputs, scales, bias, capacity, kernel) => _weights = new Panels<byte>(Pairs(weights, outputs, inputs), outputs, (inputs + 1) / 2, kernel);

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run(Codes.Codes, Codes.Stride, Rows, _weights, (byte*)Y, from, to, new Scale(Codes.Scales, Codes.Sums, Scales.Pointer, Bias.Pointer));
    }

    // [N][K/2]: the first of a pair in the low half; an odd last one stands beside a weight of 0, which meets a code of 0.
    private static byte[] Pairs(ReadOnlySpan<sbyte> weights, int outputs, int inputs)
    {
        int half = (inputs + 1) / 2;
        byte[] pairs = new byte[checked(outputs * half)];
        for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++)
        {
            int code = weights[n * inputs + k] + Offset;
            if (code is < 0 or > 15) throw new ArgumentException($"expected codes of 4 bits, -8 to 7, got {code - Offset}", nameof(weights));
            pairs[n * half + k / 2] |= (byte)(k % 2 == 0 ? code : code << 4);
        }
        return pairs;
    }

    private readonly struct Scale(float* rowScales, int* rowSums, float* scales, float* bias) : IEpilogue
    {
        public void Apply(byte* y, int row, int column, int count)
        {
            int* sums = (int*)y;
            float* to = (float*)y, scale = scales + column, add = bias + column;
            float rowScale = rowScales[row];
            int off = Offset * rowSums[row];
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                Vector.Store(Vector.ConvertToSingle(Vector.Load(sums + i) - new Vector<int>(off)) * (Vector.Load(scale + i) * rowScale) + Vector.Load(add + i), to + i);
            for (; i < count; i++) to[i] = (sums[i] - off) * (scale[i] * rowScale) + add[i];
        }
    }
}
