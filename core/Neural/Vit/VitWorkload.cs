using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Collects the operations of one image of a vision transformer, all in one number format; layer norms in float on the host. Letters as in <see cref="VitShape"/>.</summary>
public sealed class VitWorkload
{
    private static readonly ValueList<Function> Gelu = [Function.Gelu];
    private readonly Approximation _functions;
    private readonly VitShape _shape;
    private readonly NumberFormat _format, _rows;
    private readonly List<Op> _ops = [];

    /// <param name="format">Of activations and weights.</param>
    /// <param name="functions">How GELU and softmax are computed. Exact ones run on the host; polynomials are an engine's own work behind its products, whose weights have one scale per matrix instead of one per row (HeatViT).</param>
    public VitWorkload(VitShape shape, NumberFormat format, Approximation functions = Approximation.Exact)
    {
        (_shape, _format, _functions) = (shape, format, functions);
        _rows = functions == Approximation.Exact ? format with { Grain = Granularity.Row } : format;
        _ops.Add(Matrix("embed", "embed", shape.Width, shape.PatchSize, Extent.Fixed("tokens", shape.Patches), []));
    }

    /// <summary>One block.</summary>
    /// <param name="tokens">n of it.</param>
    /// <param name="rest">n of its MLP, where patches are dropped between attention and MLP.</param>
    /// <param name="links">Which patches attend to which.</param>
    public void Block(int index, Extent tokens, Extent? rest = null, Sparsity? links = null)
    {
        string block = $"block {index}", name = $"b{index}";
        int c = _shape.Width, hidden = _shape.Expansion * c;
        _ops.Add(Norm($"{name}.norm1", block, tokens));
        _ops.Add(Matrix($"{name}.qkv", block, 3 * c, c, tokens, []));
        _ops.Add(new Op.Attention($"{name}.attention", block, 1, Place.Any, _shape.Heads, _shape.Heads, _shape.HeadWidth, tokens, tokens,
            _format, _format, _format, _format with { Signed = false }, _format, links ?? Sparsity.Dense, _functions, Cache: false));
        _ops.Add(Matrix($"{name}.proj", block, c, c, tokens, []));
        _ops.Add(Norm($"{name}.norm2", block, rest ?? tokens));
        _ops.Add(Matrix($"{name}.fc1", block, hidden, c, rest ?? tokens, _functions == Approximation.Exact ? Gelu : []));
        if (_functions != Approximation.Exact) _ops.Add(new Op.Elementwise($"{name}.gelu", block, 1, Place.Accelerator, Function.Gelu, rest ?? tokens, hidden, _format, _format, _functions));
        _ops.Add(Matrix($"{name}.fc2", block, c, hidden, rest ?? tokens, []));
    }

    /// <summary>A selector before a block: its layers over all tokens (and heads, whose columns stand side by side), then gathering.</summary>
    public void Select(int index, SelectorShape selector, Extent from, Extent to, int packages)
    {
        string block = $"block {index}", name = $"b{index}.select";
        Op.Gemm[] scorer = [.. selector.Layers().Select(l => Matrix($"{name}.{l.Name}", block, l.M, l.K, l.Name.StartsWith("head", StringComparison.Ordinal) ? from : Times(from, selector.Heads), []))];
        _ops.Add(new Op.Select(name, block, 1, Place.Any, from, to, packages, ValueList.Create<Op.Gemm>(scorer)));
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
        new(id, block, 1, Place.Any, Weights.Uniform(id, m, k, _rows), tokens, _format, _format, fused);

    private Op.Elementwise Norm(string id, string block, Extent tokens) =>
        new(id, block, 1, Place.Host, Function.LayerNorm, tokens, _shape.Width, NumberFormat.F32, _format, Approximation.Exact);
}
