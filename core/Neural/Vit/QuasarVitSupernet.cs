using Hone.Model;
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
    private readonly QuasarVitConfig _config;
    private readonly List<string> _matrices = [];
    private bool _calibrating;

    /// <summary>Whether the quantisers act. While they do not, every site passes its values through in the units of its step: the float supernet.</summary>
    public bool Quantised { get; set; } = true;

    public QuasarVitSupernet(QuasarVitConfig config)
    {
        config.Check();
        _config = config;
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
            foreach (string lam in (string[])["lam1", "lam2"]) Plain($"b{b}.{lam}", [e], ParameterArena.Filled(e, config.LayerScale));
            foreach (string site in Sites) Arena.Add($"b{b}.{site}", [], ParameterKind.Step, [0]);
        }
        Norm("norm");
        Linear("head", config.Classes, e, chance);
        Arena.Add("head.in", [], ParameterKind.Step, [0]);
        Arena.Seal();
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
            _matrices.Add(name);
            float[] w = ParameterArena.Normal(m * k, 1 / Math.Sqrt(k), draws); // (M, K)
            Arena.Add(name, [m, k], ParameterKind.Decayed, w);
            Plain(name + ".bias", [m], ParameterArena.Filled(m, 0));
            foreach (int bits in (int[])[4, 8])
            {
                float[] steps = new float[m];
                for (int row = 0; row < m; row++) steps[row] = FakeQuantizer.FirstLogStep(w.AsSpan(row * k, k), bits);
                Arena.Add($"{name}.log{bits}", [m], ParameterKind.Step, steps);
            }
        }
    }

    /// <summary>Activation quantisers of a block, in the order of the data flow.</summary>
    public static readonly string[] Sites = ["in1", "q", "k", "v", "o", "in2", "g"];

    public ParameterArena Arena { get; } = new();

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
        var (w, bias) = Used("embed", e, _config.PatchSize, Ones(e), null);
        Tensor patches = F.linear(codes, w * InputStep, bias);                 // (B, patches, E)
        Tensor cls = Arena["cls"].narrow(0, 0, e).view(1, 1, e).expand(images, 1, e);
        Tensor x = cat([cls, patches], 1) + Arena["positions"].narrow(1, 0, e); // (B, n, E)
        for (int b = 0; b < genome.Depth; b++)
            x = Block(x, b, genome.Blocks[b], last: b == genome.Depth - 1, type, collect);
        Tensor step = Step("head.in", 127, () => Normed(x, "norm", e, null));
        Tensor z = Codes(Normed(x, "norm", e, step), -128, 127); // (B, 1, E)
        (w, bias) = Used("head", _config.Classes, e, Ones(_config.Classes), null);
        return F.linear(z.view(images, e), w * step, bias);                    // (B, C)
    }

    private Tensor Block(Tensor x, int index, QuasarVitBlockGenome g, bool last, ScalarType type, bool collect)
    {
        using var scope = NewDisposeScope();                                   // what autograd does not keep is freed at once
        string name = $"b{index + 1}";
        int e = (int)x.shape[2], images = (int)x.shape[0], n = (int)x.shape[1], d = _config.HeadWidth, a = g.Heads * d;

        Tensor step = Step(name + ".in1", 31, () => Normed(x, name + ".norm1", e, null));
        Tensor z = Codes(Normed(x, name + ".norm1", e, step).to_type(type), -32, 31);    // (B, n, E)
        var (w, bias) = Used(index, 0, 3 * a, e, g.Qkv, step);                 // (3A, E), (3A)
        if (collect) Rows.Collect(index, 0, z, step);
        Tensor sq = Step(name + ".q", 31, () => Seen(0)), sk = Step(name + ".k", 127, () => Seen(1)), sv = Step(name + ".v", 127, () => Seen(2));
        Tensor unit = cat([sq.expand(a), sk.expand(a), sv.expand(a)]);         // (3A): one unit of each output's codes
        Tensor rows = (w / unit.unsqueeze(1)).to_type(type), shift = (bias / unit).to_type(type);
        Tensor q, kv;
        if (last)                                                              // only the class token's output of the last block is used
        {
            q = F.linear(z.narrow(1, 0, 1), rows.narrow(0, 0, a), shift.narrow(0, 0, a)).view(images, 1, g.Heads, d).transpose(1, 2);
            kv = F.linear(z, rows.narrow(0, a, 2 * a), shift.narrow(0, a, 2 * a)).view(images, n, 2, g.Heads, d).permute(2, 0, 3, 1, 4).contiguous();
        }
        else
        {
            Tensor qkv = F.linear(z, rows, shift).view(images, n, 3, g.Heads, d).permute(2, 0, 3, 1, 4).contiguous(); // (3, B, h, n, d)
            (q, kv) = (qkv[0], qkv.narrow(0, 1, 2));
        }
        q = Codes(q, -32, 31);                                   // (B, h, n or 1, d)
        kv = Codes(kv, -128, 127);                               // (2, B, h, n, d)
        Tensor Seen(int part) => F.linear(z.to_type(ScalarType.Float32), w.narrow(0, part * a, a), bias.narrow(0, part * a, a)); // (B, n, A)
        q = q * (sq * sk / Math.Sqrt(d)).to_type(type);
        Tensor p = F.softmax(matmul(q, kv[0].transpose(2, 3)), -1, ScalarType.Float32); // (B, h, n, n)
        Tensor pc = Rounded(p.to_type(type) * 63);               // (B, h, n, n), 0..63 without a clamp
        Tensor heads = matmul(pc, kv[1]).transpose(1, 2).reshape(images, -1, a);   // (B, n, A) in units of sv / 63
        step = Step(name + ".o", 31, () => heads.to_type(ScalarType.Float32) * (sv / 63));
        Tensor o = Codes(heads * (sv / (step * 63)).to_type(type), -32, 31);
        if (collect) Rows.Collect(index, 1, o, step);
        Tensor lam = Arena[name + ".lam1"].narrow(0, 0, e);
        (w, bias) = Used(index, 1, e, a, g.Proj, step);
        x = (last ? x.narrow(1, 0, 1) : x) + F.linear(o, (w * lam.unsqueeze(1)).to_type(type), (bias * lam).to_type(type)); // (B, n, E)

        step = Step(name + ".in2", 31, () => Normed(x, name + ".norm2", e, null));
        z = Codes(Normed(x, name + ".norm2", e, step).to_type(type), -32, 31);           // (B, n, E)
        if (collect) Rows.Collect(index, 2, z, step);
        (w, bias) = Used(index, 2, g.Expansion * e, e, g.Fc1, step);
        Tensor hidden = F.gelu(F.linear(z, w.to_type(type), bias.to_type(type))); // (B, n, H)
        step = Step(name + ".g", 31, () => hidden.to_type(ScalarType.Float32));
        Tensor act = Codes(hidden * (1 / step).to_type(type), -32, 31); // (B, n, H)
        if (collect) Rows.Collect(index, 3, act, step);
        lam = Arena[name + ".lam2"].narrow(0, 0, e);
        (w, bias) = Used(index, 3, e, g.Expansion * e, g.Fc2, step);
        x = x + F.linear(act, (w * lam.unsqueeze(1)).to_type(type), (bias * lam).to_type(type)); // (B, n, E)
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Layer norm, divided by the step of the quantiser behind it (folded into gain and bias).</summary>
    private Tensor Normed(Tensor x, string name, int e, Tensor? step)
    {
        Tensor gain = Arena[name + ".gain"].narrow(0, 0, e), shift = Arena[name + ".bias"].narrow(0, 0, e);
        return step is null ? F.layer_norm(x, [e], gain, shift, Epsilon) : F.layer_norm(x, [e], gain / step, shift / step, Epsilon);
    }

    /// <summary>The step of an activation quantiser; calibration sets it to 4 rms / high of what it sees.</summary>
    private Tensor Step(string name, int high, Func<Tensor> sees)
    {
        Tensor log = Arena[name];
        if (_calibrating)
            log.fill_(Math.Log(Math.Max(1e-8, 4 * Math.Sqrt(sees().square().mean().item<float>()) / high)));
        return log.exp();
    }

    /// <summary>Sets every activation step from what the largest net sees of these images (B, patches, K0); once, before the first step.</summary>
    public void Calibrate(Tensor codes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _calibrating = true;
        Forward(codes, QuasarVitGenome.Largest(_config), ScalarType.Float32);
        _calibrating = false;
    }

    private Tensor Codes(Tensor u, int low, int high) => Quantised ? FakeQuantizer.Codes(u, low, high) : u;

    private Tensor Rounded(Tensor fresh) => Quantised ? FakeQuantizer.Rounded(fresh) : fresh;

    /// <summary>Sets the weight steps from the latent rows as they are; once, when the quantisers begin to act.</summary>
    public void ResetWeightSteps()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (string name in _matrices)
        {
            float[] w = Arena[name].data<float>().ToArray();                   // (M, K)
            int m = (int)Arena[name].shape[0], k = w.Length / m;
            foreach (int bits in (int[])[4, 8])
            {
                float[] steps = new float[m];
                for (int row = 0; row < m; row++) steps[row] = FakeQuantizer.FirstLogStep(w.AsSpan(row * k, k), bits);
                Arena[$"{name}.log{bits}"].copy_(tensor(steps));
            }
        }
    }

    private (Tensor W, Tensor Bias) Used(int block, int matrix, int m, int k, double ratio, Tensor inputStep)
    {
        int[] active = Rows.Active(matrix, m);
        float[] eight = new float[m];
        RowOrder.Mark(Rows.Order(block, matrix), active, RowOrder.EightBitRows(ratio, m, _config.RowGroup), eight);
        return Used($"b{block + 1}.{Matrices[matrix]}", m, k, tensor(eight), inputStep, parts: matrix == 0 ? 3 : 1);
    }

    /// <summary>Rows in real units times the input's step, (M, K), and the bias (M).</summary>
    private (Tensor W, Tensor Bias) Used(string name, int m, int k, Tensor eight, Tensor? inputStep, int parts = 1)
    {
        Tensor rows = Slice(Arena[name], m, parts).narrow(1, 0, k), bias = Slice(Arena[name + ".bias"], m, parts);
        if (!Quantised) return (inputStep is null ? rows : rows * inputStep, bias);
        var (codes, steps) = FakeQuantizer.Rows(rows, Slice(Arena[name + ".log4"], m, parts), Slice(Arena[name + ".log8"], m, parts), eight);
        return (codes * (inputStep is null ? steps : steps * inputStep), bias);
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

    private static Tensor Ones(int m) => ones(m);

    public void Dispose() => Arena.Dispose();
}
