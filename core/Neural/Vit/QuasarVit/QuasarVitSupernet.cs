using Hone.Model;
using Hone.Neural.Fused;
using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// The supernet: one latent tensor per layer at maximum size, shared by all E, L, h, R and by both precisions. A subnet is the leading slice.
/// Letters: B images, n tokens, E width, A = 16 h, H = R E hidden, C classes; capital M and K stand for a matrix's rows and columns.
/// </summary>
internal sealed class QuasarVitSupernet : IDisposable
{
    /// <summary>The four searched matrices of a block.</summary>
    public static readonly string[] Matrices = ["qkv", "proj", "fc1", "fc2"];

    private const double Epsilon = 1e-5;
    private const int Levels = 63;         // code of a probability of 1
    private readonly QuasarVitConfig _config;
    private bool _calibrating;

    /// <summary>Whether the quantisers act; while they do not this is the float supernet.</summary>
    public bool Quantised { get; set; } = true;

    public QuasarVitSupernet(QuasarVitConfig config)
    {
        config.Check();
        (_config, Arena) = (config, new ParameterArena());
        int e = config.MaxWidth, a = config.MaxInner, hidden = config.MaxHidden;
        var chance = new Chance(config.Seed, Streams.Weights);
        Linear("embed", e, config.PatchSize, chance);
        Plain("cls", [e], ParameterArena.Normal(e, 0.02, chance));
        Plain("positions", [config.Tokens, e], ParameterArena.Normal(config.Tokens * e, 0.02, chance));
        for (int b = 1; b <= config.MaxDepth; b++)
        {
            Norm($"b{b}.norm1");
            Linear($"b{b}.qkv", 3 * a, e, chance);
            Linear($"b{b}.proj", e, a, chance);
            Norm($"b{b}.norm2");
            Linear($"b{b}.fc1", hidden, e, chance);
            Linear($"b{b}.fc2", e, hidden, chance);
            foreach (string lam in (string[])["lam1", "lam2"])
                Arena.Add($"b{b}.{lam}", [e], config.LearnLayerScale ? ParameterKind.Plain : ParameterKind.Fixed, ParameterArena.Filled(e, config.LayerScale));
            foreach (string site in Sites) Arena.Add($"b{b}.{site}", [], ParameterKind.Step, [0]);
        }
        Norm("norm");
        Linear("head", config.Classes, e, chance);
        Arena.Add("head.in", [], ParameterKind.Step, [0]);
        Device device = Placed.Find(config.Device);
        Arena.Seal(device);
        InputStep = InputStepOf(config);
        Rows = new QuasarVitRows(config);

        void Plain(string name, long[] shape, float[] initial) => Arena.Add(name, shape, ParameterKind.Plain, initial);

        void Norm(string name)
        {
            Plain(name + ".gain", [e], ParameterArena.Filled(e, 1));
            Plain(name + ".bias", [e], ParameterArena.Filled(e, 0));
        }

        void Linear(string name, int m, int k, Chance draws)
        {
            float[] w = ParameterArena.Normal(m * k, 1 / Math.Sqrt(k), draws); // (M, K)
            Arena.Add(name, [m, k], ParameterKind.Decayed, w);
            Plain(name + ".bias", [m], ParameterArena.Filled(m, 0));
            foreach (int bits in (int[])[4, 8]) Arena.Add($"{name}.log{bits}", [m], ParameterKind.Step, FirstSteps(w, m, bits));
            if (!config.Entangled && name.StartsWith('b')) Arena.Add(name + ".w4", [m, k], ParameterKind.Decayed, w);
        }
    }

    private QuasarVitSupernet(QuasarVitSupernet net) => (_config, Arena, InputStep, Rows) = (net._config, net.Arena.Shadow(), net.InputStep, net.Rows);

    /// <summary>The same net with gradients of its own, for a second thread. To be disposed before this one.</summary>
    public QuasarVitSupernet Shadow() => new(this);

    /// <summary>Activation quantisers of a block, in the order of the data flow.</summary>
    public static readonly string[] Sites = ["in1", "q", "k", "v", "o", "in2", "g"];

    public ParameterArena Arena { get; }

    /// <summary>The order in which rows get 8 bits, and the input statistics it comes from.</summary>
    public QuasarVitRows Rows { get; }

    /// <summary>Step of the 8-bit input codes: the largest |x| a pixel can have, over 127; nothing is clipped.</summary>
    public double InputStep { get; }

    public static double InputStepOf(QuasarVitConfig config) =>
        Math.Max(Math.Abs(0 - config.Mean), Math.Abs(1 - config.Mean)) / config.Deviation / 127;

    /// <summary>Logits (B, C) of a subnet from input codes (B, patches, K0).</summary>
    /// <param name="type">Type of the branches; the residual stream and the norms are float32.</param>
    /// <param name="collect">Also update the input statistics of the rows' scores.</param>
    public Tensor Forward(Tensor codes, QuasarVitGenome genome, ScalarType type, bool collect = false)
    {
        int e = genome.Width, images = (int)codes.shape[0];
        var (w, bias) = Wide("embed", e, _config.PatchSize, null);
        Tensor patches = F.linear(codes, w.Times(InputStep), bias);                 // (B, patches, E)
        Tensor cls = Arena["cls"].narrow(0, 0, e).view(1, 1, e).expand(images, 1, e);
        Tensor x = cat([cls, patches], 1).Plus(Arena["positions"].narrow(1, 0, e)); // (B, n, E)
        for (int b = 0; b < genome.Depth; b++)
            x = Block(x, b, genome.Blocks[b], last: b == genome.Depth - 1, type, collect);
        Tensor? step = Step("head.in", 127, () => Normed(x, "norm", e, null));
        Tensor z = Codes(Normed(x, "norm", e, step), -128, 127, ScalarType.Float32); // (B, 1, E)
        (w, bias) = Wide("head", _config.Classes, e, step);
        return F.linear(z.view(images, e), w, bias);                           // (B, C)
    }

    // While the quantisers do not act every step is null and stands for 1: the plain float block.
    private Tensor Block(Tensor x, int index, QuasarVitBlockGenome g, bool last, ScalarType type, bool collect)
    {
        using var scope = NewDisposeScope();                                   // what autograd does not keep is freed at once
        string name = $"b{index + 1}";
        int e = (int)x.shape[2], d = _config.HeadWidth, a = g.Heads * d;

        Tensor? step = Step(name + ".in1", 31, () => Normed(x, name + ".norm1", e, null));
        Tensor z = Codes(Normed(x, name + ".norm1", e, step), -32, 31, type);  // (B, n, E)
        if (collect) Rows.Collect(index, 0, z, step);
        Tensor? sq = Step(name + ".q", 31, () => Seen(0)), sk = Step(name + ".k", 127, () => Seen(1)), sv = Step(name + ".v", 127, () => Seen(2));
        Tensor? unit = sq is null ? null : cat([sq.expand(a), sk!.expand(a), sv!.expand(a)]).reciprocal(); // (3A): codes of each output per unit
        var (w, bias) = Used(index, 0, 3 * a, e, g.Qkv, unit is null ? null : unit * step!, unit, type); // (3A, E), (3A)
        Tensor own = last ? z.narrow(1, 0, 1) : z;                             // only the class token's output of the last block is used
        Tensor q = F.linear(own, w.narrow(0, 0, a), bias.narrow(0, 0, a));     // (B, n or 1, A)
        Tensor kv = F.linear(z, w.narrow(0, a, 2 * a), bias.narrow(0, a, 2 * a)); // (B, n, 2A)
        double scale = 1 / Math.Sqrt(d);
        q = Codes(q, -32, 31, type, outScale: sq is null ? null : (sq * sk!).Times(scale));
        kv = Codes(kv, -128, 127, type);
        Tensor heads = Attention.Apply(q, kv, g.Heads, sq is null ? scale : 1, sq is null ? 0 : Levels); // (B, n or 1, A), with quantisers in units of sv / 63
        step = Step(name + ".o", 31, () => heads.to_type(ScalarType.Float32) * sv!.Times(1.0 / Levels));
        Tensor o = Codes(heads, -32, 31, type, inScale: step is null ? null : sv! / step.Times(Levels)); // (B, n, A)
        if (collect) Rows.Collect(index, 1, o, step);
        Tensor lam = Arena[name + ".lam1"].narrow(0, 0, e);
        (w, bias) = Used(index, 1, e, a, g.Proj, step is null ? lam : lam * step, lam, type);
        x = (last ? x.narrow(1, 0, 1) : x).Plus(F.linear(o, w, bias));             // (B, n, E)

        step = Step(name + ".in2", 31, () => Normed(x, name + ".norm2", e, null));
        z = Codes(Normed(x, name + ".norm2", e, step), -32, 31, type);         // (B, n, E)
        if (collect) Rows.Collect(index, 2, z, step);
        (w, bias) = Used(index, 2, g.Expansion * e, e, g.Fc1, step?.expand(g.Expansion * e), null, type);
        Tensor hidden = Gelu.Apply(F.linear(z, w, bias));                       // (B, n, H)
        step = Step(name + ".g", 31, () => hidden.to_type(ScalarType.Float32));
        Tensor act = Codes(hidden, -32, 31, type, inScale: step?.reciprocal()); // (B, n, H)
        if (collect) Rows.Collect(index, 3, act, step);
        lam = Arena[name + ".lam2"].narrow(0, 0, e);
        (w, bias) = Used(index, 3, e, g.Expansion * e, g.Fc2, step is null ? lam : lam * step, lam, type);
        x = x.Plus(F.linear(act, w, bias));                                      // (B, n, E)
        return x.MoveToOuterDisposeScope();

        Tensor Seen(int part)                                                  // one of q, k, v in real units, (B, n, A)
        {
            var (rows, shift) = Used(index, 0, 3 * a, e, g.Qkv, step!.expand(3 * a), null, ScalarType.Float32);
            return F.linear(z.to_type(ScalarType.Float32), rows.narrow(0, part * a, a), shift.narrow(0, part * a, a));
        }
    }

    /// <summary>Layer norm, divided by the step of the quantiser behind it (folded into gain and bias).</summary>
    private Tensor Normed(Tensor x, string name, int e, Tensor? step)
    {
        Tensor gain = Arena[name + ".gain"].narrow(0, 0, e), shift = Arena[name + ".bias"].narrow(0, 0, e);
        return step is null ? F.layer_norm(x, [e], gain, shift, Epsilon) : F.layer_norm(x, [e], gain / step, shift / step, Epsilon);
    }

    /// <summary>The step of an activation quantiser, null while quantisers do not act; calibration sets it to 4 rms / high of what it sees.</summary>
    private Tensor? Step(string name, int high, Func<Tensor> sees)
    {
        if (!Quantised) return null;
        Tensor log = Arena[name];
        if (_calibrating)
            log.FillInPlace(Math.Log(Math.Max(1e-8, 4 * Math.Sqrt(sees().square().mean().item<float>()) / high)));
        return log.exp();
    }

    /// <summary>
    /// The quantisers begin to act: weight steps are set from the rows as they are, separate 4-bit rows (where asked for) from the latent ones, the rows are
    /// ordered by what these steps cost, and activation steps are set from what a net (the largest of those trained) sees of these images (B, patches, K0).
    /// </summary>
    public void BeginQuantised(Tensor codes, QuasarVitGenome genome)
    {
        ResetWeightSteps();
        foreach (string name in Arena.Names.Where(n => n.EndsWith(".w4", StringComparison.Ordinal)).ToList()) Arena.Copy(name[..^3], name);
        OrderRows();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        (Quantised, _calibrating) = (true, true);
        Forward(codes, genome, ScalarType.Float32);
        _calibrating = false;
    }

    /// <summary>Orders the rows of every matrix anew by what 4 bits would cost its output.</summary>
    public void OrderRows() => Rows.Refresh(name => Arena.Has(name) ? Arena[name].Numbers() : null);

    /// <summary>Writes every parameter by name and the row orders.</summary>
    public void Save(ArrayFile file)
    {
        foreach (string name in Arena.Names) file.Add(name, Arena[name].Numbers());
        for (int layer = 0; layer < Rows.Squares.Length; layer++) file.Add($"order.{layer}", Rows.Order(layer / 4, layer % 4));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(ArrayFile file)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (string name in Arena.Names) Arena[name].copy_(tensor(file.Get<float[]>(name)).view(Arena[name].shape));
        for (int layer = 0; layer < Rows.Squares.Length; layer++) Rows.SetOrder(layer, file.Get<int[]>($"order.{layer}"));
    }

    private Tensor Codes(Tensor x, int low, int high, ScalarType type, Tensor? inScale = null, Tensor? outScale = null) =>
        Quantised ? FakeQuantizer.Codes(x, low, high, type, inScale, outScale) : x.to_type(type);

    private void ResetWeightSteps()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (string name in Arena.Names.Where(n => n.EndsWith(".log4", StringComparison.Ordinal)).Select(n => n[..^5]))
        {
            float[] w = Arena[name].Numbers();                   // (M, K)
            foreach (int bits in (int[])[4, 8]) Arena[$"{name}.log{bits}"].copy_(tensor(FirstSteps(w, (int)Arena[name].shape[0], bits)));
        }
    }

    /// <summary>LSQ's first steps of the rows of w (M, K), as logarithms (M).</summary>
    private static float[] FirstSteps(float[] w, int m, int bits)
    {
        float[] steps = new float[m];
        for (int row = 0; row < m; row++) steps[row] = FakeQuantizer.FirstLogStep(w.AsSpan(row * (w.Length / m), w.Length / m), bits);
        return steps;
    }

    /// <summary>The rows that a subnet uses of a searched matrix, times <paramref name="factor"/> (M) or 1, (M, K), and its bias times <paramref name="shift"/>, (M).</summary>
    private (Tensor W, Tensor Bias) Used(int block, int matrix, int m, int k, double ratio, Tensor? factor, Tensor? shift, ScalarType type)
    {
        float[] eight = new float[m];
        if (Quantised) RowOrder.Mark(Rows.Order(block, matrix), Rows.Active(matrix, m), RowOrder.EightBitRows(ratio, m, _config.RowGroup), eight);
        return Used($"b{block + 1}.{Matrices[matrix]}", m, k, eight, factor, shift, type, parts: matrix == 0 ? 3 : 1);
    }

    /// <summary>A matrix that is 8 bits wide throughout, in real units times the input's step, (M, K), and its bias (M).</summary>
    private (Tensor W, Tensor Bias) Wide(string name, int m, int k, Tensor? step)
    {
        float[] eight = new float[m];
        Array.Fill(eight, 1);
        return Used(name, m, k, eight, step?.expand(m), null, ScalarType.Float32, parts: 1);
    }

    private (Tensor W, Tensor Bias) Used(string name, int m, int k, float[] eight, Tensor? factor, Tensor? shift, ScalarType type, int parts)
    {
        Tensor rows = Part(name).narrow(1, 0, k), bias = Part(name + ".bias");
        if (shift is not null) bias = bias * shift;
        if (!Quantised) return ((factor is null ? rows : rows * factor.unsqueeze(1)).to_type(type), bias.to_type(type));
        Tensor? narrow = Arena.Has(name + ".w4") ? Part(name + ".w4").narrow(1, 0, k) : null;
        return (FakeQuantizer.Rows(rows, narrow, Part(name + ".log4"), Part(name + ".log8"), factor, eight, type), bias.to_type(type));

        Tensor Part(string of) => Slice(Arena[of], m, parts);
    }

    /// <summary>The leading rows of each of the parts (q, k and v are three parts of one matrix).</summary>
    public static Tensor Slice(Tensor full, int m, int parts)
    {
        if (full.shape[0] == m) return full;
        if (parts == 1) return full.narrow(0, 0, m);
        long per = full.shape[0] / parts;
        long[] shape = [parts, per, .. full.shape[1..]];
        return full.view(shape).narrow(1, 0, m / parts).flatten(0, 1);         // a copy (M, ...)
    }

    public void Dispose()
    {
        Arena.Dispose();
    }
}
