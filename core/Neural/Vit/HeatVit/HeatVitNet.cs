using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// HeatViT's integer network emulated in torch, for training and evaluation: float32 tensors that hold the real values of codes, each operation answering exactly what
/// <see cref="HeatVitInteger"/> does. Letters as in <see cref="VitShape"/>, B images.
/// </summary>
/// <param name="net">Latent parameters in float.</param>
internal sealed class HeatVitNet(PruningNet net, HeatVitConfig config, HeatVitScales scales)
{
    private readonly VitShape _shape = config.Pruning.Shape;
    private readonly ParameterArena _arena = net.Backbone.Arena;
    private readonly SoftmaxRounding _shares = new(
        IntegerBlock.ScoreFactorOf(config.Pruning.Shape.HeadWidth), HeatVitInteger.Levels, HeatVitInteger.HighestShare, Math.ScaleB(1.0, -config.SharePlaces));

    /// <summary>All blocks over patches (B, N, K0); rows of dropped tokens stay, masked.</summary>
    public VitTokens Run(Tensor patches, HeatVitPolicy policy)
    {
        VitTokens tokens = Embed(patches);
        for (int b = 0; b < _shape.Depth; b++) tokens = Block(b, policy.Before(b, tokens));
        return tokens;
    }

    /// <summary>Codes of the final norm, (B, n, C).</summary>
    public Tensor Features(VitTokens tokens) => Norm(tokens.X, "norm");

    /// <summary>Logits (B, classes), numbers of 16 places.</summary>
    public Tensor Classify(Tensor features) => FixedRound.Wide(HeatVitLayers.Layer(_arena, "head", scales["norm"]).Accumulate(features.select(1, 0)));

    private VitTokens Embed(Tensor patches)
    {
        long images = patches.shape[0], c = _shape.Width;
        Tensor codes = HeatVitLayers.Code(patches, "input", scales);           // (B, N, K0)
        Tensor x = FixedRound.Wide(HeatVitLayers.Layer(_arena, "patch_embed.proj", scales["input"]).Accumulate(codes)); // (B, N, C)
        Tensor first = FixedRound.Wide(_arena["cls_token"]).expand(images, 1, c);
        return new VitTokens(Sum(cat([first, x], 1), FixedRound.Wide(_arena["pos_embed"])));
    }

    private VitTokens Block(int index, VitTokens tokens)
    {
        using var scope = NewDisposeScope();
        string name = $"blocks.{index}.";
        int c = _shape.Width, h = _shape.Heads, d = _shape.HeadWidth, n = (int)tokens.X.shape[1];
        long images = tokens.X.shape[0];
        Tensor z = Norm(tokens.X, name + "norm1");                             // (B, n, C)
        Tensor qkv = HeatVitLayers.Layer(_arena, name + "attn.qkv", scales[name + "norm1"]).Accumulate(z); // (B, n, 3C)
        Tensor q = Heads(0, "q").transpose(1, 2), k = Heads(1, "k").permute(0, 2, 3, 1), v = Heads(2, "v").transpose(1, 2); // (B, h, n, d), k (B, h, d, n)
        Tensor p = PolynomialSoftmax.Apply(matmul(q, k), tokens.Mask, _shares); // (B, h, n, n)
        Tensor o = HeatVitLayers.Code(matmul(p, v).transpose(1, 2).reshape(images, n, c), name + "attn", scales);
        Tensor x = Sum(tokens.X, FixedRound.Wide(HeatVitLayers.Layer(_arena, name + "attn.proj", scales[name + "attn"]).Accumulate(o)));
        z = Norm(x, name + "norm2");
        Tensor hidden = HeatVitLayers.Gelu(HeatVitLayers.Layer(_arena, name + "mlp.fc1", scales[name + "norm2"]).Accumulate(z), config.GeluDamping, name + "hidden", scales); // (B, n, H)
        x = Sum(x, FixedRound.Wide(HeatVitLayers.Layer(_arena, name + "mlp.fc2", scales[name + "hidden"]).Accumulate(hidden)));
        return (tokens with { X = x }).Outward(scope);

        Tensor Heads(int part, string letter) => HeatVitLayers.Code(qkv.narrow(2, part * c, c), name + letter, scales).view(images, n, h, d);
    }

    private static Tensor Sum(Tensor a, Tensor b) => FixedRound.Wide(a.Plus(b));   // at most 25 bits before it saturates: exact

    private Tensor Norm(Tensor x, string name) => HeatVitLayers.Norm(x, _arena[name + ".weight"], _arena[name + ".bias"], name, scales);

    /// <summary>The net as plain integers.</summary>
    /// <param name="at">Which selectors, with what thresholds.</param>
    public IntegerNet Export(PruningThresholds at)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        int patches = _shape.Patches, c = _shape.Width, input = scales["input"];
        sbyte[] pixels = [.. Enumerable.Range(0, 256).Select(p => (sbyte)FixedPoint.Of((float)(((p / 255.0) - _shape.Mean) / _shape.Deviation), input, sbyte.MinValue, sbyte.MaxValue))];
        int[] positions = Whole(_arena["pos_embed"]), first = Whole(_arena["cls_token"]);
        IntegerBlock[] blocks = [.. Enumerable.Range(0, _shape.Depth).Select(Block)];
        return new IntegerNet(_shape.Channels, _shape.Side, _shape.Patch, pixels, Layer("patch_embed.proj", "input"), first, positions, ValueList.Create<IntegerBlock>(blocks), Normal("norm"),
            Layer("head", "norm"), config.GeluDamping, config.SharePlaces, (float)HeatVitLayers.Epsilon);

        IntegerBlock Block(int b)
        {
            string name = $"blocks.{b}.";
            int stage = at.Plan.Blocks.Span.IndexOf(b);
            IntegerSelector? selector = stage < 0 ? null : HeatVitSelector.Export(net.Selectors, PruningNet.Name(b), _shape.Heads, HeatVitSelector.Threshold(at.Thresholds[stage]), scales);
            return new IntegerBlock(selector, Normal(name + "norm1"), Layer(name + "attn.qkv", name + "norm1"), _shape.Heads, scales[name + "q"], scales[name + "k"], scales[name + "v"],
                Layer(name + "attn.proj", name + "attn"), Normal(name + "norm2"), Layer(name + "mlp.fc1", name + "norm2"), Layer(name + "mlp.fc2", name + "hidden"));
        }

        IntegerLinear Layer(string name, string from) => HeatVitLayers.Layer(_arena, name, scales[from]).Export(name);

        IntegerNorm Normal(string name) => new(_arena[name + ".weight"].Numbers(), _arena[name + ".bias"].Numbers(), scales[name]);

        static int[] Whole(Tensor t) => [.. t.Numbers().Select(v => FixedPoint.Of(v, FixedPoint.Places))];
    }
}
