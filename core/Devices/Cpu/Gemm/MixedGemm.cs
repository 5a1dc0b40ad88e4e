namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias where some outputs have 4-bit weights and others 8-bit ones: one product for each run of outputs that are alike, each writing its columns of Y. X is rounded for each
/// anew, since kernels read it differently.
/// </summary>
public sealed unsafe class MixedGemm : IGemm
{
    private readonly CodeGemm[] _parts;
    private readonly AfterStep _afterStep = new();

    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="parts">What outputs are like, in order; together N.</param>
    /// <param name="scales">[N], of each output as many as its part says.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a code has more bits than its part.</exception>
    public MixedGemm(ReadOnlySpan<sbyte> weights, IReadOnlyList<CodePart> parts, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
    {
        (Outputs, Inputs) = (parts.Sum(part => part.Outputs), inputs);
        Sizes.Check(weights.Length, Outputs, inputs);
        Sizes.Check(bias.Length, Outputs);
        int expected = parts.Sum(part => part.Outputs * part.Scales(inputs)), from = 0, scale = 0;
        if (scales.Length != expected) throw new ArgumentException($"expected {expected} scales, got {scales.Length}", nameof(scales));
        List<CodeGemm> made = [];
        foreach (CodePart part in parts.Where(part => part.Outputs > 0))
        {
            int count = part.Outputs * part.Scales(inputs);
            made.Add(One(weights.Slice(from * inputs, part.Outputs * inputs), part, inputs, scales.Slice(scale, count), bias.Length == 0 ? default : bias.Slice(from, part.Outputs), capacity));
            (from, scale) = (from + part.Outputs, scale + count);
        }
        _parts = [.. made];
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>Of the widest part.</summary>
    public InstructionSet Instructions => _parts.MaxBy(part => part.Outputs)!.Instructions;

    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        Sizes.Check(x.Length, y.Length, rows, Inputs, Outputs);
        fixed (float* from = x, to = y)
        {
            float* columns = to;
            foreach (CodeGemm part in _parts)
            {
                part.Run(from, columns, (nint)Outputs * sizeof(float), rows, workers, _parts.Length == 1 ? after : null);
                columns += part.Outputs;
            }
            if (_parts.Length > 1 && after is not null) _afterStep.Run(after, to, rows, workers);
        }
    }

    private static CodeGemm One(ReadOnlySpan<sbyte> weights, CodePart part, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity) => part.Bits switch
    {
        4 => new NibbleGemm(weights, part.Outputs, inputs, scales, bias, capacity, part.Group),
        8 => new ByteGemm(weights, part.Outputs, inputs, scales, bias, capacity, part.Group),
        _ => throw new ArgumentException($"expected 4 or 8 bits, got {part.Bits}"),
    };
}
