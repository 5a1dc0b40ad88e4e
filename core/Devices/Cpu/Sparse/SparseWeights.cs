namespace Hone.Devices.Cpu.Sparse;

/// <summary>Weights W [M][K] of which only the kept ones lie in memory, packed once.</summary>
public abstract unsafe class SparseWeights
{
    /// <summary>The most inputs whose numbers fit 16 bits.</summary>
    public const int MostInputs = ushort.MaxValue + 1;

    private readonly int[] _work;   // up to each unit of work: what workers share

    /// <param name="work">[units]: weights that are read for each unit of work, a row of W in some order.</param>
    private protected SparseWeights(Mask mask, ReadOnlySpan<int> work)
    {
        (Outputs, Inputs, Kept) = (mask.Outputs, mask.Inputs, mask.Count);
        _work = new int[work.Length + 1];
        for (int i = 0; i < work.Length; i++) _work[i + 1] = checked(_work[i] + work[i] + 1);   // one for the row itself
    }

    /// <summary>M.</summary>
    public int Outputs { get; }

    /// <summary>K.</summary>
    public int Inputs { get; }

    /// <summary>Weights that were kept.</summary>
    public int Kept { get; }

    /// <summary>Numbers of rows and columns that are stored.</summary>
    public abstract int IndexEntries { get; }

    /// <summary>Bytes of all arrays: weights with their padding, numbers of rows and columns, where each begins.</summary>
    public abstract long Bytes { get; }

    /// <summary>W [M][K], row-major.</summary>
    public abstract float[] Unpack();

    /// <param name="weights">[M][K], row-major; what is not kept counts as zero.</param>
    /// <param name="mask">What is kept; null for what is not zero.</param>
    /// <param name="tileRows">Rows of the tile that blocks are packed for.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    internal static SparseWeights Pack(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, Mask? mask, int tileRows)
    {
        if (outputs < 1 || inputs < 1 || weights.Length != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights.Length}", nameof(weights));
        if (inputs > MostInputs) throw new ArgumentException($"expected at most {MostInputs} inputs, whose numbers fit 16 bits, got {inputs}", nameof(inputs));
        mask ??= Mask.Of(weights, outputs, inputs);
        if (mask.Outputs != outputs || mask.Inputs != inputs) throw new ArgumentException($"expected a mask of {outputs} x {inputs}, got {mask.Outputs} x {mask.Inputs}", nameof(mask));
        return layout.Format switch
        {
            SparseFormat.Csr => new Csr(weights, mask),
            SparseFormat.WholeRow => new Blocks(weights, mask, WholeRows.Of(mask), 0, tileRows),
            SparseFormat.Panel => new Blocks(weights, mask, Panels.Of(mask, layout.BlockHeight, layout.BlockWidth), layout.BlockHeight, tileRows),
            SparseFormat.Dense => new Blocks(weights, mask, Panels.All(outputs, inputs), outputs, tileRows),
            _ => throw new ArgumentException($"expected a format of weights, got {layout.Format}", nameof(layout)),
        };
    }

    /// <summary>Part of Y = W X + bias.</summary>
    internal abstract void Multiply(SparseKernel kernel, SparseCall call, int part, int parts);

    /// <summary>Part of y = W x + bias.</summary>
    internal abstract void MultiplyVector(SparseKernel kernel, SparseCall call, int part, int parts);

    /// <summary>The units of a part: as many weights for each, up to a row.</summary>
    private protected (int From, int To) Share(int part, int parts) => (Cut(part, parts), Cut(part + 1, parts));

    private int Cut(int part, int parts)
    {
        int at = Array.BinarySearch(_work, (int)((long)_work[^1] * part / parts));
        return at >= 0 ? at : ~at;
    }
}
