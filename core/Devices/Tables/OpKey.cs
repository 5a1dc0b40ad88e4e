using System.Security.Cryptography;
using System.Text;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// What decides the cost of an operation, as short canonical text: kind, shape, formats, sparsity, fused functions, sizes (rounded means), place, mode and batch.
/// Where it stands in a network does not: id, block, repeats and the weights' id are left out; a mask of real weights stays.
/// </summary>
public static class OpKey
{
    private const int HashDigits = 16;   // 64 bits of SHA-256 keep masks, circuits and odd words apart in a table

    /// <summary>The key, for example "gemm 192x64 rows i4r:128+i8r:64 in i6 out f32 x49 gelu". Inference of one image is not named.</summary>
    /// <param name="cacheLength">Counts for attention that reads a cache, and for nothing else.</param>
    public static string Of(Op op, Mode mode = Mode.Infer, int batch = 1, int cacheLength = 0)
    {
        var text = new StringBuilder(96);
        Append(text, op);
        if (mode != Mode.Infer) text.Append(' ').Append(Names<Mode>.Of(mode));
        if (batch != 1) text.Append(" batch ").Append(batch);
        if (CacheLength(op, cacheLength) is not 0 and int length) text.Append(" cache ").Append(length);
        return text.ToString();
    }

    /// <summary>The key of an operation in the mode and batch of its workload.</summary>
    public static string Of(Op op, Workload of) => Of(op, of.Mode, of.Batch, of.CacheLength);

    /// <summary>
    /// The workload of this one operation, run once, that a node measures for it; its key is the operation's. Operations of one key give one and the same workload:
    /// ids are normal, sizes fixed at their rounded means.
    /// </summary>
    public static Workload Alone(Op op, Workload of) => new(Of(op, of), of.Mode, of.Batch, [PlainOp.Of(op)], [], CacheLength(op, of.CacheLength));

    internal static int CacheLength(Op op, int length) => op is Op.Attention { Cache: true } ? length : 0;

    private static void Append(StringBuilder text, Op op)
    {
        switch (op)
        {
            case Op.Gemm gemm:
                Product(text.Append("gemm "), gemm.Weights);
                Ends(text, gemm.In, gemm.Out).Append(" x").Append(PlainOp.Size(gemm.Columns));
                Fused(text, gemm.Fused);
                break;
            case Op.Attention attention: Attention(text, attention); break;
            case Op.Conv conv:
                Product(text.Append("conv "), conv.Weights);
                Ends(text, conv.In, conv.Out).Append($" over {conv.Height}x{conv.Width} kernel {conv.KernelHeight}x{conv.KernelWidth}")
                    .Append($" stride {conv.Stride} pad {conv.Padding} groups {conv.Groups}");
                Fused(text, conv.Fused);
                break;
            case Op.Recurrent recurrent:
                Product(text.Append("recurrent ").Append(Names<Cell>.Of(recurrent.Cell)).Append(' '), recurrent.Wx);
                Product(text.Append(" state "), recurrent.Wh);
                Ends(text, recurrent.In, recurrent.State).Append(" steps ").Append(PlainOp.Size(recurrent.Steps));
                break;
            case Op.Elementwise e:
                text.Append($"elementwise {Names<Function>.Of(e.Function)} {PlainOp.Size(e.Rows)}x{e.Columns}");
                Ends(text, e.In, e.Out);
                if (e.Approximation != Approximation.Exact) text.Append(' ').Append(Names<Approximation>.Of(e.Approximation));
                break;
            case Op.Select select:
                text.Append($"select {PlainOp.Size(select.From)} to {PlainOp.Size(select.To)} packages {select.Packages} scorer [");
                for (int i = 0; i < select.Scorer.Count; i++)
                    Append(text.Append(i > 0 ? "; " : "").Append(select.Scorer[i].Repeat).Append(" * "), select.Scorer[i]);
                text.Append(']');
                break;
            case Op.Crossbar c:
                text.Append($"crossbar {c.Inputs}x{c.Outputs} positions {c.Positions} size {c.CrossbarSize} stream {c.StreamLength}")
                    .Append($" grey {c.GreyZone} merge {Word(c.Merge)}");
                break;
            case Op.Circuit circuit:
                text.Append($"circuit {circuit.Qubits} qubits {circuit.Gates.Count} gates {Hash(string.Join('\n', circuit.Gates))}")
                    .Append($" measured {circuit.Measured} shots {circuit.Shots}");
                break;
            default: throw new HoneException($"expected an operation of the workload vocabulary, got {op.GetType().Name}: give it a key here");
        }
        if (op.Place != Place.Any) text.Append(" on ").Append(Names<Place>.Of(op.Place));
    }

    private static void Attention(StringBuilder text, Op.Attention a)
    {
        text.Append($"attention {a.Heads}/{a.KvHeads}x{a.Width} q{PlainOp.Size(a.Queries)} k{PlainOp.Size(a.Keys)} in ");
        FormatText.Append(text, a.Q);
        FormatText.Append(text.Append(','), a.K);
        FormatText.Append(text.Append(','), a.V);
        FormatText.Append(text.Append(','), a.P);
        FormatText.Append(text.Append(" out "), a.Out);
        Sparse(text, a.Sparsity);
        if (a.Softmax != Approximation.Exact) text.Append(' ').Append(Names<Approximation>.Of(a.Softmax));
        if (a.Cache) text.Append(" cached");
    }

    /// <summary>M x K and the rows in their order; neighbours of one format are one part.</summary>
    private static void Product(StringBuilder text, Weights weights)
    {
        text.Append(weights.M).Append('x').Append(weights.K).Append(" rows ");
        bool first = true;
        foreach (RowPart part in PlainOp.Parts(weights.Rows))
        {
            FormatText.Append(first ? text : text.Append('+'), part.Format);
            text.Append(':').Append(part.Rows);
            first = false;
        }
        Sparse(text, weights.Sparsity);
        if (weights.Pattern is { } pattern) text.Append(" mask ").Append(pattern.Hex.AsSpan(0, HashDigits));
    }

    private static void Sparse(StringBuilder text, Sparsity sparsity) => _ = sparsity switch
    {
        Sparsity.None => text,
        Sparsity.Unstructured u => text.Append($" unstructured {u.Density}"),
        Sparsity.BlockRowColumn b => text.Append($" blocks {b.BlockHeight}x{b.BlockWidth} {b.Density} by {b.RowsPerGroup}"),
        Sparsity.TopKPerRow t => text.Append($" top {t.Keep}{(t.SharedByHeads ? " shared" : "")}"),
        Sparsity.Causal c => text.Append($" causal {c.Window}"),
        _ => throw new HoneException($"expected a sparsity of the workload vocabulary, got {sparsity.GetType().Name}: give it a key here"),
    };

    private static StringBuilder Ends(StringBuilder text, NumberFormat from, NumberFormat to)
    {
        FormatText.Append(text.Append(" in "), from);
        FormatText.Append(text.Append(" out "), to);
        return text;
    }

    private static void Fused(StringBuilder text, ValueList<Function> functions)
    {
        foreach (Function function in functions) text.Append(' ').Append(Names<Function>.Of(function));
    }

    /// <summary>A word as it is when it is short and plain, else its hash, so that free text cannot imitate the rest of a key.</summary>
    private static string Word(string word) =>
        word.Length is > 0 and <= 24 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? word : Hash(word);

    private static string Hash(string text) => $"#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]}";

    /// <summary>Names in small letters, made once: keys are written for every operation of every workload that is priced.</summary>
    private static class Names<T> where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Small = Enum.GetValues<T>().Distinct().ToDictionary(v => v, v => v.ToString().ToLowerInvariant());

        public static string Of(T value) => Small.TryGetValue(value, out string? name) ? name : value.ToString();
    }
}
