using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Sparse;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Pruned weights in floats. X is turned to [K][rows] and Y turned back as part of the product, a slab of rows at a time; few rows are products of vectors, one after the other.</summary>
internal sealed unsafe class PrunedMatrix : Matrix
{
    /// <summary>Rows up to which as many products of vectors are the faster.</summary>
    private const int FewRows = 4, FewRowsOfCsr = 2;

    private const int Slab = 64;
    private readonly SparseGemm? _gemm;
    private readonly SparseGemv? _gemv;
    private readonly Turn _turn = new();
    private readonly AfterStep _after = new();
    private readonly Buffer64<float>? _x, _y;   // [K][Slab], [N][Slab]

    /// <param name="weights">[N][K].</param>
    /// <param name="bias">[N].</param>
    /// <param name="capacity">The most rows of X.</param>
    public PrunedMatrix(ReadOnlySpan<float> weights, Mask mask, SparseLayout layout, ReadOnlySpan<float> bias, int capacity, string? remark = null) : base(mask.Outputs, mask.Inputs, SparseKernel.All[^1].Set)
    {
        Remark = remark;
        if (capacity <= (layout.Format == SparseFormat.Csr ? FewRowsOfCsr : FewRows)) _gemv = new SparseGemv(weights, Outputs, Inputs, layout, bias, mask);
        else (_gemm, _x, _y) = (new SparseGemm(weights, Outputs, Inputs, layout, bias, mask), new Buffer64<float>(checked(Inputs * Slab)), new Buffer64<float>(checked(Outputs * Slab)));
    }

    public override string? Remark { get; }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        Sizes.Check(x.Length, y.Length, rows, Inputs, Outputs);
        fixed (float* from = x, to = y)
        {
            if (_gemm is null)
                for (int row = 0; row < rows; row++) _gemv!.Run(x.Slice(row * Inputs, Inputs), y.Slice(row * Outputs, Outputs), workers);
            else
                for (int at = 0; at < rows; at += Slab)
                {
                    int count = Math.Min(Slab, rows - at);
                    _turn.Run(from + (nint)at * Inputs, Inputs, count, Inputs, _x!.Pointer, Slab, workers);
                    _gemm.Run(_x.Pointer, Slab, _y!.Pointer, Slab, count, workers);
                    _turn.Run(_y.Pointer, Slab, Outputs, count, to + (nint)at * Outputs, Outputs, workers);
                }
            if (after is not null) _after.Run(after, to, rows, workers);
        }
    }
}
