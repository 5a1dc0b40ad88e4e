using Hone.Neural.Fused;
using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// A subnet for inference in float32 on integer codes. Every product of codes and every sum of a matrix (below 2^24) is exact in float32, so the
/// accumulators are those of an integer engine, whatever the order of summing. Letters: B images, n tokens, E width, A = 16 h, H hidden, C classes.
/// </summary>
internal sealed class QuasarVitSubnet : IDisposable
{
    private const int FewImages = 16;   // below it libtorch does not give a 1 x 1 convolution to oneDNN
    private readonly List<Tensor> _owned = [];
    private readonly Linear _embed, _head;
    private readonly Tensor _cls, _positions, _gain, _shift;
    private readonly Block[] _blocks;

    /// <summary>Weights (M, K, 1, 1) as codes, scales times the input's step (M) and bias (M).</summary>
    internal sealed record Linear(Tensor Codes, Tensor Scales, Tensor Bias);

    /// <summary>Norm gains and biases are divided by the step of the quantiser behind them; lam stands in the scales and biases of proj and fc2.</summary>
    private sealed record Block(
        int Heads, Tensor Gain1, Tensor Shift1, Linear Q, Linear Kv, float ScoreScale, float HeadScale, Linear Proj,
        Tensor Gain2, Tensor Shift2, Linear Fc1, float HiddenScale, Linear Fc2);

    public QuasarVitSubnet(QuasarVitWeights weights)
    {
        using var scope = NewDisposeScope();
        int e = weights.Genome.Width, d = weights.Config.HeadWidth;
        _embed = Own(Of(weights.Embed));
        _head = Own(Of(weights.Head));
        _cls = Own(tensor(weights.ClassToken).view(1, 1, e));
        _positions = Own(tensor(weights.Positions).view(weights.Config.Tokens, e));
        (_gain, _shift) = Own(Norm(weights.Norm, weights.Head.InputStep));
        _blocks = new Block[weights.Blocks.Length];
        for (int b = 0; b < _blocks.Length; b++)
        {
            QuasarVitBlockWeights w = weights.Blocks[b];
            int a = w.Heads * d;
            var (gain1, shift1) = Own(Norm(w.Norm1, w.Qkv.InputStep));
            var (gain2, shift2) = Own(Norm(w.Norm2, w.Fc1.InputStep));
            _blocks[b] = new Block(w.Heads, gain1, shift1,
                Own(Of(w.Qkv, 0, a, w.QueryStep)), Own(Joined(Of(w.Qkv, a, a, w.KeyStep), Of(w.Qkv, 2 * a, a, w.ValueStep))),
                w.QueryStep * w.KeyStep / MathF.Sqrt(d), w.ValueStep / (63 * w.Proj.InputStep), Own(Of(w.Proj, scale: w.LayerScale1)),
                gain2, shift2, Own(Of(w.Fc1)), 1 / w.Fc2.InputStep, Own(Of(w.Fc2, scale: w.LayerScale2)));
        }
        foreach (Tensor t in _owned) t.DetachFromDisposeScope();
    }

    private Tensor Own(Tensor t)
    {
        _owned.Add(t);
        return t;
    }

    private Linear Own(Linear l) => new(Own(l.Codes), Own(l.Scales), Own(l.Bias));

    private (Tensor, Tensor) Own((Tensor Gain, Tensor Shift) norm) => (Own(norm.Gain), Own(norm.Shift));

    /// <summary>Logits (B, C) from input codes (B, patches, K0).</summary>
    public Tensor Forward(Tensor codes)
    {
        long images = codes.shape[0];
        Tensor x = cat([_cls.expand(images, 1, -1), Apply(codes, _embed)], 1).PlusInPlace(_positions); // (B, n, E)
        for (int b = 0; b < _blocks.Length; b++) x = Run(x, _blocks[b], last: b == _blocks.Length - 1);
        Tensor z = Round(Norm(x.narrow(1, 0, 1), _gain, _shift), -128, 127);   // (B, 1, E)
        return Apply(z, _head).view(images, -1);                               // (B, C)
    }

    private Tensor Run(Tensor x, Block b, bool last)
    {
        Tensor z = Round(Norm(x, b.Gain1, b.Shift1), -32, 31);                 // (B, n, E)
        Tensor q = Round(Apply(last ? z.narrow(1, 0, 1).contiguous() : z, b.Q), -32, 31); // (B, n or 1, A): the last block needs its class token only
        Tensor kv = Round(Apply(z, b.Kv), -128, 127);                          // (B, n, 2A)
        Tensor o = Attention.Apply(q, kv, b.Heads, b.ScoreScale, 63).TimesInPlace(b.HeadScale); // (B, n or 1, A)
        x = (last ? x.narrow(1, 0, 1) : x).Plus(Apply(Round(o, -32, 31), b.Proj)); // (B, n, E)
        z = Round(Norm(x, b.Gain2, b.Shift2), -32, 31);                        // (B, n, E)
        Tensor g = Round(F.gelu(Apply(z, b.Fc1)).TimesInPlace(b.HiddenScale), -32, 31); // (B, n, H)
        return x.Plus(Apply(g, b.Fc2));                                           // (B, n, E)
    }

    /// <summary>Codes (B, n, K) through a linear layer, (B, n, M).</summary>
    internal static Tensor Apply(Tensor codes, Linear linear) =>
        linear.Bias.PlusProduct(Accumulate(codes, linear), linear.Scales).view(codes.shape[0], codes.shape[1], -1);

    /// <summary>
    /// The integer accumulators, (B n, M). Written as a 1 x 1 convolution over a channels-last view, which costs nothing: libtorch's float32 matrix
    /// product reaches half the speed of its convolution [measured]. Few images take the plain product; the sums are the same integers.
    /// </summary>
    internal static Tensor Accumulate(Tensor codes, Linear linear)
    {
        long images = codes.shape[0], rows = images * codes.shape[1], k = codes.shape[2];
        if (images < FewImages) return F.linear(codes.reshape(rows, k), linear.Codes.view(-1, k));
        Tensor image = codes.contiguous().view(images, codes.shape[1], 1, k).permute(0, 3, 1, 2); // (B, K, n, 1)
        return F.conv2d(image, linear.Codes).permute(0, 2, 3, 1).reshape(rows, -1);
    }

    internal static Linear Of(QuasarVitLinear w, int from = 0, int rows = -1, float outputStep = 1, float[]? scale = null)
    {
        if (rows < 0) rows = w.M;
        float[] codes = new float[rows * w.K], scales = new float[rows], bias = new float[rows];
        for (int i = 0; i < codes.Length; i++) codes[i] = w.Codes[from * w.K + i];
        for (int m = 0; m < rows; m++)
        {
            float factor = (scale is null ? 1 : scale[m]) / outputStep;
            scales[m] = w.Scales[from + m] * w.InputStep * factor;
            bias[m] = w.Bias[from + m] * factor;
        }
        return new Linear(tensor(codes).view(rows, w.K, 1, 1), tensor(scales), tensor(bias));
    }

    /// <summary>Both layers' rows as one.</summary>
    private static Linear Joined(Linear a, Linear b) => new(cat([a.Codes, b.Codes]), cat([a.Scales, b.Scales]), cat([a.Bias, b.Bias]));

    private static (Tensor Gain, Tensor Shift) Norm(QuasarVitNorm norm, float step) =>
        (tensor(Array.ConvertAll(norm.Gain, g => g / step)), tensor(Array.ConvertAll(norm.Bias, g => g / step)));

    private static Tensor Norm(Tensor x, Tensor gain, Tensor shift) => F.layer_norm(x, [x.shape[2]], gain, shift, 1e-5);

    private static Tensor Round(Tensor u, int low, int high) => u.ClampInPlace(low, high).round_();

    public void Dispose()
    {
        foreach (Tensor t in _owned) t.Dispose();
    }
}
