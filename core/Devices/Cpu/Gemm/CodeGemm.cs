namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias with weights in codes, a scale for each output, and X rounded to 8 bits with a scale for each row (<see cref="RowCodes"/>), which is part of <see cref="Run"/>: what
/// products of all widths of weights share.
/// </summary>
public abstract unsafe class CodeGemm : Step
{
    /// <summary>The most inputs whose sum of products of two codes (one of them offset to 255) fits into 32 bits.</summary>
    public const int MostInputs = int.MaxValue / (255 * 128);

    private readonly TileKernel _kernel;
    private readonly int _outputs, _inputs;

    /// <param name="weights">How many there are.</param>
    private protected CodeGemm(int weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
    {
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose sum fits into 32 bits, got {inputs}", nameof(inputs));
        if (outputs < 1 || inputs < 1 || weights != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights}", nameof(weights));
        if (scales.Length != outputs) throw new ArgumentException($"expected {outputs} scales, one for each output, got {scales.Length}", nameof(scales));
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        (_kernel, _outputs, _inputs) = (kernel, outputs, inputs);
        Codes = new RowCodes(kernel, inputs, capacity);
        (Scales, Bias) = (new Buffer64<float>(outputs), new Buffer64<float>(outputs));
        scales.CopyTo(Scales.Span);
        bias.CopyTo(Bias.Span);
    }

    /// <summary>N.</summary>
    public int Outputs => _outputs;

    /// <summary>K.</summary>
    public int Inputs => _inputs;

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _kernel.Set;

    private protected RowCodes Codes { get; }

    private protected Buffer64<float> Scales { get; }

    private protected Buffer64<float> Bias { get; }

    private protected float* Y { get; private set; }

    private protected int Rows { get; private set; }

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, _inputs, _outputs);
        fixed (float* from = x, to = y)
        {
            Codes.Take(from, rows, workers);
            Y = to;
            Rows = rows;
            workers.Run(this);
        }
    }
}
