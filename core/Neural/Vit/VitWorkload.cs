using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// Collects the operations of one image of a vision transformer, all in one number format; layer norms in float on the host. Patches that do not overlap are a product; other stems and pools are
/// convolutions, which not every device takes. Tokens of a net with windows are counted as if they lay evenly in them. Letters as in <see cref="VitShape"/>.
/// </summary>
public sealed class VitWorkload
{
    private static readonly ValueList<Function> Gelu = [Function.Gelu], Relu = [Function.Relu];
    private readonly Approximation _functions;
    private readonly VitShape _shape;
    private readonly IReadOnlyList<VitStage> _stages;
    private readonly NumberFormat _format, _rows;
    private readonly string _prefix;
    private readonly List<Op> _ops = [];

    /// <param name="format">Of activations and weights, which have a scale per row.</param>
    /// <param name="patches">How many are embedded; null: all.</param>
    /// <param name="prefix">Of the operations' names, where there are two networks.</param>
    /// <param name="functions">How GELU and softmax are computed. Exact ones run on the host; polynomials are an engine's own work behind its products, whose weights have one scale per matrix instead of one per row (HeatViT).</param>
    public VitWorkload(VitShape shape, NumberFormat format, int? patches = null, string prefix = "", Approximation functions = Approximation.Exact)
    {
        (_shape, _stages, _format, _prefix, _functions) = (shape, shape.Stages, format, prefix, functions);
        _rows = functions == Approximation.Exact ? format with { Grain = Granularity.Row } : format;
        var (side, channels) = (shape.Side, shape.Channels);
        for (int i = 0; i < shape.Form.Stem.Count; i++)
        {
            StemConv conv = shape.Form.Stem[i];
            _ops.Add(Conv($"stem{i}", "embed", conv.Width, channels * conv.Kernel * conv.Kernel, side, conv.Kernel, conv.Stride, conv.Padding, 1, Relu));
            (side, channels) = (conv.Out(side), conv.Width);
        }
        Extent embedded = Extent.Fixed("tokens", patches ?? shape.Patches);
        _ops.Add(shape.Stride == shape.Patch ? Matrix("embed", "embed", shape.Width, shape.PatchSize, embedded, [])
            : Conv("embed", "embed", shape.Width, shape.PatchSize, side, shape.Patch, shape.Stride, 0, 1, []));
        if (shape.Form.PatchNorm) _ops.Add(Norm("embed.norm", "embed", embedded, shape.Width));
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
        int c = _stages.Last(s => s.First <= index).Width, hidden = _shape.Expansion * c;
        _ops.Add(Norm($"{name}.norm2", block, rest ?? tokens, c));
        _ops.Add(Matrix($"{name}.fc1", block, hidden, c, rest ?? tokens, _functions == Approximation.Exact ? Gelu : []));
        if (_functions != Approximation.Exact) _ops.Add(new Op.Elementwise($"{_prefix}{name}.gelu", block, 1, Place.Accelerator, Function.Gelu, rest ?? tokens, hidden, _format, _format, _functions));
        _ops.Add(Matrix($"{name}.fc2", block, c, hidden, rest ?? tokens, []));
    }

    /// <summary>The first half of a block; returns the block's name.</summary>
    public string Attention(int index, Extent tokens, Sparsity? links = null)
    {
        VitStage stage = _stages.Last(s => s.First <= index);
        string block = $"{_prefix}block {index}", name = $"b{index}";
        int c = stage.Width, windows = stage.Window == 0 ? 1 : stage.Patches / (stage.Window * stage.Window);
        Extent seen = windows == 1 ? tokens : Each(tokens, n => (n + windows - 1) / windows);
        _ops.Add(Norm($"{name}.norm1", block, tokens, c));
        _ops.Add(Matrix($"{name}.qkv", block, 3 * c, c, tokens, []));
        _ops.Add(new Op.Attention($"{_prefix}{name}.attention", block, windows, Place.Any, stage.Heads, stage.Heads, stage.HeadWidth, seen, seen,
            _format, _format, _format, _format with { Signed = false }, _format, links ?? Sparsity.Dense, _functions, Cache: false));
        _ops.Add(Matrix($"{name}.proj", block, c, c, tokens, []));
        return block;
    }

    /// <summary>The entry of a stage; answers how many patches are alive behind it, as if those before it had been kept by chance.</summary>
    /// <param name="patches">Alive ones before it.</param>
    /// <param name="others">Class token and packages.</param>
    public Extent Enter(int stage, Extent patches, int others)
    {
        VitStage from = _stages[stage - 1], to = _stages[stage];
        string block = $"block {to.First}", name = $"s{stage}";
        bool merges = _shape.Form.Step == StageStep.Merge;
        int field = merges ? 4 : VitStage.PoolKernel * VitStage.PoolKernel;
        Extent alive = Each(patches, n => Math.Clamp((int)Math.Round(to.Patches * (1 - Math.Pow(1 - ((double)n / from.Patches), field))), 1, to.Patches));
        if (merges)
        {
            _ops.Add(Norm($"{name}.norm", block, alive, 4 * from.Width));
            _ops.Add(Matrix($"{name}.reduction", block, to.Width, 4 * from.Width, alive, []));
            return alive;
        }
        _ops.Add(Conv($"{name}.pool", block, to.Width, field, from.Grid, VitStage.PoolKernel, VitStage.PoolStride, VitStage.PoolPadding, from.Width, []));
        if (others > 0) _ops.Add(Matrix($"{name}.fc", block, to.Width, from.Width, Extent.Fixed("tokens", others), []));
        return alive;
    }

    /// <summary>A selector before a block: its layers over all tokens (and heads, whose columns stand side by side), then gathering.</summary>
    public void Select(int index, SelectorShape selector, Extent from, Extent to, int packages)
    {
        string block = $"{_prefix}block {index}", name = $"b{index}.select";
        Op.Gemm[] scorer = [.. selector.Layers().Select(l => Matrix($"{name}.{l.Name}", block, l.M, l.K, l.Name.StartsWith("head", StringComparison.Ordinal) ? from : Times(from, selector.Heads), []))];
        _ops.Add(new Op.Select(_prefix + name, block, 1, Place.Any, from, to, packages, ValueList.Create<Op.Gemm>(scorer)));
    }

    /// <summary>The head, and all that was collected.</summary>
    /// <param name="read">The tokens whose mean is read; null: the class token is.</param>
    public Workload End(string key, Extent? read = null)
    {
        Extent one = Extent.Fixed("tokens", 1);
        int c = _stages[^1].Width;
        _ops.Add(Norm("norm", "head", read ?? one, c));
        _ops.Add(Matrix("head", "head", _shape.Classes, c, one, []));
        return new Workload(key, Mode.Infer, 1, [.. _ops]);
    }

    /// <summary>So many more at every point.</summary>
    public static Extent More(Extent extent, int more) => Each(extent, n => n + more);

    private static Extent Times(Extent extent, int factor) => Each(extent, n => n * factor);

    private static Extent Each(Extent extent, Func<int, int> change) => extent with { Distribution = extent.Distribution.Select(p => p with { N = change(p.N) }).ToValueList() };

    /// <summary>Mean multiply-accumulates of one image, selectors included; products of independent means where two sizes vary together are taken at their joint points.</summary>
    public static double Macs(Workload workload) => workload.Ops.Sum(op => op.Repeat * Macs(op));

    private static double Macs(Op op) => op switch
    {
        Op.Gemm g => (double)g.Weights.M * g.Weights.K * g.Columns.Mean,
        Op.Conv c => (double)c.Weights.M * c.Weights.K * Outputs(c.Height, c) * Outputs(c.Width, c),
        Op.Attention a => 2.0 * a.Heads * a.Width * a.Queries.Distribution.Sum(p => p.P * p.N * p.N),
        Op.Select s => s.Scorer.Sum(Macs),
        _ => 0,
    };

    private static int Outputs(int size, Op.Conv c) => ((size + (2 * c.Padding) - c.KernelHeight) / c.Stride) + 1;

    private Op.Gemm Matrix(string id, string block, int m, int k, Extent tokens, ValueList<Function> fused) =>
        new(_prefix + id, block, 1, Place.Any, Weights.Uniform(_prefix + id, m, k, _rows), tokens, _format, _format, fused);

    private Op.Conv Conv(string id, string block, int m, int k, int side, int kernel, int stride, int padding, int groups, ValueList<Function> fused) =>
        new(_prefix + id, block, 1, Place.Any, Weights.Uniform(_prefix + id, m, k, _rows), side, side, kernel, kernel, stride, padding, groups, _format, _format, fused);

    private Op.Elementwise Norm(string id, string block, Extent tokens, int width) =>
        new(_prefix + id, block, 1, Place.Host, Function.LayerNorm, tokens, width, NumberFormat.F32, _format, Approximation.Exact);
}
