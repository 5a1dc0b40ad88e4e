using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>The physical work of an operation.</summary>
/// <param name="Family">Operations that share a cost model; null: none is fitted, such operations can only be measured.</param>
/// <param name="Features">What the time is linear in, the same number for all of a family: 1, multiplications, bytes, elements.</param>
/// <param name="Shape">Sizes that say how the work is cut.</param>
/// <param name="Macs">Multiplications that nothing can leave out.</param>
/// <param name="Bytes">What must be read and written once.</param>
internal sealed record OpWork(string? Family, double[] Features, double[] Shape, double Macs, double Bytes)
{
    private const int Register = 16;   // lanes: two vectors of eight, one of sixteen

    /// <summary>Whether it is work at all: no size is negative or beyond numbers.</summary>
    public bool IsWork => Features.All(x => x is >= 0 and < double.PositiveInfinity) && Shape.All(x => x is >= 0 and < double.PositiveInfinity);

    /// <summary>The work of one run for the whole batch.</summary>
    public static OpWork Of(Op op, Mode mode, int batch)
    {
        double images = Math.Max(1, batch);
        OpWork work = op switch
        {
            Op.Gemm g => Gemm(g, images),
            Op.Attention a => Attention(a, images),
            Op.Conv c => Conv(c, images),
            Op.Recurrent r => Recurrent(r, images),
            Op.Elementwise e => Elementwise(e, images),
            Op.Select s => Select(s, images),
            _ => new OpWork(null, [], [], 0, 0),
        };
        return mode == Mode.Train && work.Family is not null ? work with { Family = $"{work.Family} train" } : work;
    }

    // B images, n columns each, N = B n: weights (M, K) x activations (K, N) -> (M, N).
    private static OpWork Gemm(Op.Gemm op, double images)
    {
        Weights w = op.Weights;
        double columns = images * PlainOp.Size(op.Columns), kept = Kept(w.Sparsity), low = LowRows(w), outputs = (double)w.M * columns;
        double weights = WeightBytes(w) * kept, inputs = w.K * columns * BytesOf(op.In), results = outputs * BytesOf(op.Out);
        return new OpWork($"gemm {Class(w, op.In)}{Sparse(w.Sparsity)}",
            [1, kept * low * w.K * columns, kept * (w.M - low) * w.K * columns, weights, inputs, results, outputs * Curved(op.Fused), outputs, columns, columns * Lanes(w.M), kept * columns * Lanes(w.M) * w.K],
            [w.M, w.K, columns, low], kept * w.M * (double)w.K * columns, weights + inputs + results);
    }

    // Image (C, H, W) -> (M, H', W'); K = C / groups kh kw.
    private static OpWork Conv(Op.Conv op, double images)
    {
        Weights w = op.Weights;
        double positions = images * Reach(op.Height, op.KernelHeight) * Reach(op.Width, op.KernelWidth), kept = Kept(w.Sparsity), low = LowRows(w);
        double channels = (double)w.K * op.Groups / Math.Max(1, op.KernelHeight * op.KernelWidth), outputs = w.M * positions;
        double weights = WeightBytes(w) * kept, inputs = images * channels * op.Height * op.Width * BytesOf(op.In), results = outputs * BytesOf(op.Out);
        double needed = inputs / Math.Max(1, op.Stride * op.Stride);   // a long stride need not read what it skips
        return new OpWork($"conv {Class(w, op.In)}{Sparse(w.Sparsity)}{(op.Groups > 1 ? " grouped" : "")}",
            [1, kept * low * w.K * positions, kept * (w.M - low) * w.K * positions, weights, inputs, results, outputs * Curved(op.Fused), positions * w.K * op.Groups],
            [w.M, w.K, positions, channels, op.KernelHeight, op.Stride], kept * w.M * (double)w.K * positions, weights + needed + results);

        double Reach(int size, int kernel) => Math.Max(1, (size + 2 * op.Padding - kernel) / Math.Max(1, op.Stride) + 1);
    }

    // Per image and head: Q (q, d), K (k, d) -> P (q, k), V (k, d) -> (q, d).
    private static OpWork Attention(Op.Attention op, double images)
    {
        double q = PlainOp.Size(op.Queries), k = PlainOp.Size(op.Keys), rows = images * op.Heads * q;
        double kept = op.Sparsity is Sparsity.Causal causal ? Causal(causal, q, k) : Kept(op.Sparsity), scores = rows * k * kept;
        double inputs = rows * op.Width * BytesOf(op.Q) + images * op.KvHeads * k * op.Width * (BytesOf(op.K) + BytesOf(op.V));
        double results = rows * op.Width * BytesOf(op.Out);
        string kinds = op.Q.Kind == op.K.Kind ? Word(op.Q.Kind) : $"{Word(op.Q.Kind)}/{Word(op.K.Kind)}";
        string family = $"attention {kinds}{Sparse(op.Sparsity)}{Approximate(op.Softmax)}{(op.Cache ? " cached" : "")}";
        // Scores chosen per row must all be computed before; only those of a causal mask are never asked for.
        double macs = op.Sparsity is Sparsity.Causal ? 2 * scores * op.Width : rows * k * op.Width * (1 + kept);
        return new OpWork(family, [1, macs, scores, inputs, results, rows], [op.Heads, op.Width, q, k], macs, op.Sparsity is Sparsity.None ? inputs + results : results);
    }

    // T steps of x Wx^T + h Wh^T; weights are read again at every step.
    private static OpWork Recurrent(Op.Recurrent op, double images)
    {
        double steps = PlainOp.Size(op.Steps), kept = Kept(op.Wx.Sparsity), keptState = Kept(op.Wh.Sparsity);
        double weights = WeightBytes(op.Wx) * kept + WeightBytes(op.Wh) * keptState;
        double macs = images * steps * ((double)op.Wx.M * op.Wx.K * kept + (double)op.Wh.M * op.Wh.K * keptState), gates = images * steps * op.Wh.M;
        return new OpWork($"recurrent {op.Cell.ToString().ToLowerInvariant()} {Class(op.Wx, op.In)}{Sparse(op.Wx.Sparsity)}",
            [1, macs, steps, weights * steps, gates], [op.Wx.K, op.Wh.K, steps, images], macs, weights);
    }

    private static OpWork Elementwise(Op.Elementwise op, double images)
    {
        double rows = images * PlainOp.Size(op.Rows), elements = rows * op.Columns, inputs = elements * BytesOf(op.In), results = elements * BytesOf(op.Out);
        return new OpWork($"elementwise {op.Function.ToString().ToLowerInvariant()}{Approximate(op.Approximation)}",
            [1, elements, rows, inputs, results, rows * Lanes(op.Columns)], [rows, op.Columns], 0, inputs + results);
    }

    private static OpWork Select(Op.Select op, double images)
    {
        double macs = 0, weights = 0;
        foreach (Op.Gemm gemm in op.Scorer)
        {
            OpWork work = Gemm(gemm, images);
            macs += gemm.Repeat * work.Macs;
            weights += WeightBytes(gemm.Weights);
        }
        double from = images * PlainOp.Size(op.From), to = images * PlainOp.Size(op.To);
        return new OpWork("select", [1, from, to, macs, weights], [from, to, op.Packages], macs, 0);
    }

    /// <summary>What vector units compute when so many are asked for: whole registers.</summary>
    private static double Lanes(double count) => Math.Ceiling(count / Register) * Register;

    /// <summary>What a family's weights are multiplied as: a kernel has its own line.</summary>
    private static string Class(Weights weights, NumberFormat input)
    {
        string? name = null;
        NumberKind kind = input.Kind;
        foreach (RowPart part in weights.Rows)
        {
            if (part.Rows == 0) continue;
            string one = part.Format.Kind == NumberKind.Int ? part.Format.Bits switch { <= 4 => "int4", <= 8 => "int8", _ => "int16" } : Word(part.Format.Kind);
            name = name is null || name == one ? one : "mixed";
            kind = part.Format.Kind;
        }
        return (name ?? "empty") + (kind == input.Kind ? "" : $"/{Word(input.Kind)}");
    }

    private static double LowRows(Weights weights)
    {
        double low = 0;
        foreach (RowPart part in weights.Rows)
            if (part.Format.Bits <= 4) low += part.Rows;
        return low;
    }

    private static double WeightBytes(Weights weights)
    {
        double bytes = 0;
        foreach (RowPart part in weights.Rows) bytes += (double)part.Rows * weights.K * BytesOf(part.Format);
        return bytes;
    }

    private static double Kept(Sparsity sparsity) => sparsity switch
    {
        Sparsity.Unstructured u => Share(u.Density), Sparsity.BlockRowColumn b => Share(b.Density), Sparsity.TopKPerRow t => Share(t.Keep), _ => 1,
    };

    /// <summary>The share of scores below the diagonal, whose last row sees every key, and inside the window.</summary>
    private static double Causal(Sparsity.Causal causal, double q, double k)
    {
        double seen = Math.Max(1, k - (q - 1) / 2);
        return Share((causal.Window > 0 ? Math.Min(seen, causal.Window) : seen) / k);
    }

    private static double Share(double share) => share is >= 0 and <= 1 ? share : 1;

    private static int Curved(ValueList<Function> functions)
    {
        int curved = 0;
        foreach (Function f in functions) if (f is not (Function.Add or Function.Scale or Function.Relu or Function.Sign)) curved++;
        return curved;
    }

    private static string Sparse(Sparsity sparsity) => sparsity switch
    {
        Sparsity.None => "", Sparsity.Unstructured => " unstructured", Sparsity.BlockRowColumn => " blocks", Sparsity.TopKPerRow => " top", _ => " causal",
    };

    private static string Approximate(Approximation how) => how == Approximation.Exact ? "" : $" {how.ToString().ToLowerInvariant()}";

    private static string Word(NumberKind kind) => kind.ToString().ToLowerInvariant();

    private static double BytesOf(NumberFormat format) => format.Bits / 8.0;
}
