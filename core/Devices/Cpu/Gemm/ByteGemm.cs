using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with 8-bit weights, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>): the sum of codes in 32 bits is
/// exact, Y = s_x s_w sum + bias. Rounding X is part of <see cref="Run"/>.
/// </summary>
public sealed unsafe class ByteGemm : Step
{
    /// <summary>The most inputs whose sum of products of two codes (one of them offset to 255) fits into 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (255 * 128);

    private readonly Panels<sbyte> _weights;
    private readonly RowCodes _codes;
    private readonly Buffer64<float> _scales, _bias;
    private readonly Buffer64<int> _offsets;
    private float* _y;
    private int _rows;

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
    {
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose sum fits into 32 bits, got {inputs}", nameof(inputs));
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        _weights = new Panels<sbyte>(weights, outputs, inputs, kernel);
        _codes = new RowCodes(kernel, inputs, capacity);
        (_scales, _bias, _offsets) = (new Buffer64<float>(outputs), new Buffer64<float>(outputs), new Buffer64<int>(outputs));
        scales.CopyTo(_scales.Span);
        bias.CopyTo(_bias.Span);
        for (int n = 0; n < outputs; n++)
            foreach (sbyte code in weights.Slice(n * inputs, inputs)) _offsets.Span[n] += code * kernel.Offset;
    }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _weights.Kernel.Set;

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, _weights.Inputs, _weights.Outputs);
        fixed (float* from = x, to = y)
        {
            _codes.Take(from, rows, workers);
            _y = to;
            _rows = rows;
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run(_codes.Codes, _codes.Stride, _rows, _weights, (byte*)_y, from, to, new Scale(_codes.Scales, _scales.Pointer, _offsets.Pointer, _bias.Pointer));
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
