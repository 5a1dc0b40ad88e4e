namespace Hone.Devices.Cpu.Sparse;

/// <summary>Compressed sparse rows: the control that blocks must beat.</summary>
internal sealed unsafe class Csr : SparseWeights
{
    private readonly int[] _starts;   // [M + 1]
    private readonly Buffer64<ushort> _columns;
    private readonly Buffer64<float> _weights;

    /// <param name="weights">[M][K], row-major.</param>
    public Csr(ReadOnlySpan<float> weights, Mask mask) : base(mask, [.. Enumerable.Range(0, mask.Outputs).Select(m => mask.Row(m).Count(true))])
    {
        _starts = new int[Outputs + 1];
        (_columns, _weights) = (new Buffer64<ushort>(Kept), new Buffer64<float>(Kept));
        int at = 0;
        for (int m = 0; m < Outputs; m++)
        {
            for (int k = 0; k < Inputs; k++)
            {
                if (!mask.Row(m)[k]) continue;
                (_columns.Span[at], _weights.Span[at]) = ((ushort)k, weights[m * Inputs + k]);
                at++;
            }
            _starts[m + 1] = at;
        }
    }

    public override int IndexEntries => Kept;

    public override long Bytes => (long)Kept * (sizeof(ushort) + sizeof(float)) + (long)_starts.Length * sizeof(int);

    public override float[] Unpack()
    {
        float[] dense = new float[Outputs * Inputs];
        for (int m = 0; m < Outputs; m++)
        for (int i = _starts[m]; i < _starts[m + 1]; i++) dense[m * Inputs + _columns.Span[i]] = _weights.Span[i];
        return dense;
    }

    internal override void Multiply(SparseKernel kernel, SparseCall call, int part, int parts)
    {
        (int from, int to) = Share(part, parts);
        for (int m = from; m < to; m++) call.Begin(m);
        for (int n = 0; n < call.Columns; n += kernel.RowColumns)
        {
            int width = Math.Min(kernel.RowColumns, call.Columns - n);
            delegate*<TileCall*, void> run = kernel.Row(width);
            var tile = new TileCall { X = call.X + n, XStride = call.XStride, Last = width % kernel.Lanes };
            for (int m = from; m < to; m++)
            {
                int start = _starts[m];
                tile.Listed = _columns.Pointer + start;
                tile.Weights = _weights.Pointer + start;
                tile.Count = _starts[m + 1] - start;
                tile.Y = call.Y + m * call.YStride + n;
                run(&tile);
            }
        }
    }

    internal override void MultiplyVector(SparseKernel kernel, SparseCall call, int part, int parts)
    {
        (int from, int to) = Share(part, parts);
        for (int m = from; m < to; m++) call.Y[m] = call.Bias[m] + Dot.Run(_columns.Pointer + _starts[m], _starts[m + 1] - _starts[m], _weights.Pointer + _starts[m], call.X);
    }
}
