using Hone.Devices.Cpu.Runtime.Selection;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>
/// Tokens [batch][from][width] to [batch][to + packages][width] by scores. The scorer's products run first, the first of them on all elements of the tokens, which tells the width, each
/// further one on what the one before gave, or on the tokens when that is too little. A token's score is the first of its outputs of the last product.
/// </summary>
internal sealed unsafe class SelectOperation : Operation
{
    private readonly GemmOperation[] _scorer;
    private readonly int[] _repeats;
    private readonly Buffer64<float>[] _scores;
    private readonly Pick _pick;
    private readonly int _stride;

    /// <param name="repeats">How often each product of the scorer runs.</param>
    public SelectOperation(GemmOperation[] scorer, int[] repeats, int batch, int from, int to, int packages, int width)
        : base(checked(batch * from * width), checked(batch * (to + packages) * width))
    {
        (_scorer, _repeats) = (scorer, repeats);
        _scores = [.. scorer.Select(s => new Buffer64<float>(s.Outputs))];
        _pick = new Pick(batch, from, to, packages, width);
        _stride = scorer[^1].Outputs / (batch * from);
    }

    public override InstructionSet Instructions => _scorer.Max(s => s.Instructions);

    public static SelectOperation Build(Op.Select op, Surroundings around)
    {
        int from = Surroundings.Size(op.From);
        GemmOperation[] scorer = [.. op.Scorer.Select(gemm => GemmOperation.Build(gemm, around))];
        return new SelectOperation(scorer, [.. op.Scorer.Select(gemm => gemm.Repeat)], around.Batch, from, Surroundings.Size(op.To), op.Packages, Width(op, from));
    }

    /// <summary>Elements of a token; 0 when the scorer's first product does not read whole tokens.</summary>
    public static int Width(Op.Select op, int from)
    {
        if (op.Scorer.Count == 0) return 0;
        long read = (long)op.Scorer[0].Weights.K * Surroundings.Size(op.Scorer[0].Columns);
        return read % from == 0 ? (int)(read / from) : 0;
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        ReadOnlySpan<float> given = x;
        for (int i = 0; i < _scorer.Length; i++)
        {
            ReadOnlySpan<float> read = (given.Length >= _scorer[i].Inputs ? given : x)[.._scorer[i].Inputs];
            for (int times = 0; times < _repeats[i]; times++) _scorer[i].Run(read, _scores[i].Span, workers);
            given = _scores[i].Span;
        }
        fixed (float* from = x, to = y) _pick.Run(from, _scores[^1].Pointer, _stride, to, workers);
    }
}
