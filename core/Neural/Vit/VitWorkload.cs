using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Collects the operations of one image of a vision transformer, all in one number format; layer norms in float on the host. Letters as in <see cref="VitShape"/>.</summary>
public sealed class VitWorkload
{
    private static readonly ValueList<Function> Gelu = [Function.Gelu];
    private readonly VitShape _shape;
    private readonly NumberFormat _format, _rows;
    private readonly string _prefix;
    private readonly List<Op> _ops = [];

    /// <param name="format">Of activations and weights, which have a scale per row.</param>
    /// <param name="patches">How many are embedded; null: all.</param>
    /// <param name="prefix">Of the operations' names, where there are two networks.</param>
    public VitWorkload(VitShape shape, NumberFormat format, int? patches = null, string prefix = "")
    {
        (_shape, _format, _rows, _prefix) = (shape, format, format with { Grain = Granularity.Row }, prefix);
        _ops.Add(Matrix("embed", "embed", shape.Width, shape.PatchSize, Extent.Fixed("tokens", patches ?? shape.Patches), []));
    }

    /// <summary>What was collected.</summary>
    public IReadOnlyList<Op> Operations => _ops;

    /// <summary>One block.</summary>
    /// <param name="tokens">n of it.</param>
    /// <param name="rest">n of its MLP, where patches are dropped between attention and MLP.</param>
    /// <param name="links">Which patches attend to which.</param>
    public void Block(int index, Extent tokens, Extent? rest = null, Sparsity? links = null)
    {
        string block = Attention(index, tokens, links), name = $"b{index}";
        int c = _shape.Width, hidden = _shape.Expansion * c;
        _ops.Add(Norm($"{name}.norm2", block, rest ?? tokens));
        _ops.Add(Matrix($"{name}.fc1", block, hidden, c, rest ?? tokens, Gelu));
        _ops.Add(Matrix($"{name}.fc2", block, c, hidden, rest ?? tokens, []));
    }

    /// <summary>The first half of a block; returns the block's name.</summary>
    public string Attention(int index, Extent tokens, Sparsity? links = null)
    {
        string block = $"{_prefix}block {index}", name = $"b{index}";
        int c = _shape.Width;
        _ops.Add(Norm($"{name}.norm1", block, tokens));
        _ops.Add(Matrix($"{name}.qkv", block, 3 * c, c, tokens, []));
        _ops.Add(new Op.Attention($"{_prefix}{name}.attention", block, 1, Place.Any, _shape.Heads, _shape.Heads, _shape.HeadWidth, tokens, tokens,
            _format, _format, _format, _format with { Signed = false }, _format, links ?? Sparsity.Dense, Approximation.Exact, Cache: false));
        _ops.Add(Matrix($"{name}.proj", block, c, c, tokens, []));
        return block;
    }

    /// <summary>A selector before a block: its layers over all tokens (and heads, whose columns stand side by side), then gathering.</summary>
    public void Select(int index, SelectorShape selector, Extent from, Extent to, int packages)
    {
        string block = $"{_prefix}block {index}", name = $"b{index}.select";
        Op.Gemm[] scorer = [.. selector.Layers().Select(l => Matrix($"{name}.{l.Name}", block, l.M, l.K, l.Name.StartsWith("head", StringComparison.Ordinal) ? from : Times(from, selector.Heads), []))];
        _ops.Add(new Op.Select(_prefix + name, block, 1, Place.Any, from, to, packages, ValueList.Create<Op.Gemm>(scorer)));
    }

    /// <summary>The head, and all that was collected.</summary>
    public Workload End(string key)
    {
        Extent one = Extent.Fixed("tokens", 1);
        _ops.Add(Norm("norm", "head", one));
        _ops.Add(Matrix("head", "head", _shape.Classes, _shape.Width, one, []));
        return new Workload(key, Mode.Infer, 1, [.. _ops]);
    }

    /// <summary>So many more at every point.</summary>
    public static Extent More(Extent extent, int more) => Each(extent, n => n + more);

    private static Extent Times(Extent extent, int factor) => Each(extent, n => n * factor);

    private static Extent Each(Extent extent, Func<int, int> change) => extent with { Distribution = extent.Distribution.Select(p => p with { N = change(p.N) }).ToValueList() };

    /// <summary>Mean multiply-accumulates of one image, selectors included; products of independent means where two sizes vary together are taken at their joint points.</summary>
    public static double Macs(Workload workload) => workload.Ops.Sum(Macs);

    private static double Macs(Op op) => op switch
    {
        Op.Gemm g => (double)g.Weights.M * g.Weights.K * g.Columns.Mean,
        Op.Attention a => 2.0 * a.Heads * a.Width * a.Queries.Distribution.Sum(p => p.P * p.N * p.N),
        Op.Select s => s.Scorer.Sum(Macs),
        _ => 0,
    };

    private Op.Gemm Matrix(string id, string block, int m, int k, Extent tokens, ValueList<Function> fused) =>
        new(_prefix + id, block, 1, Place.Any, Weights.Uniform(_prefix + id, m, k, _rows), tokens, _format, _format, fused);

    private Op.Elementwise Norm(string id, string block, Extent tokens) =>
        new(_prefix + id, block, 1, Place.Host, Function.LayerNorm, tokens, _shape.Width, NumberFormat.F32, _format, Approximation.Exact);
}
