using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// A vision transformer in training: pre-norm blocks, those of a variant in stages or windows. A policy says which tokens go on. Parameters are named as in timm's and DeiT's checkpoints, blocks
/// counted through all stages; pools as in PiT's, merging and relative places as in Swin's. Letters as in <see cref="VitShape"/>, B images.
/// </summary>
internal sealed class VitNet : IDisposable
{
    private const double AttentionEpsilon = 1e-6;   // of the masked softmax while training, SPViT's code
    private readonly VitShape _shape;
    private readonly VitStage[] _stageOf;           // (L)
    private readonly VitWindow?[] _windows;         // (L)

    /// <summary>First weights are functions of the seed: matrices normal with deviation 1 / sqrt(inputs) cut at two deviations, positions and class token 0.02.</summary>
    public VitNet(VitShape shape, ulong seed, string device = "cpu")
    {
        shape.Check();
        (_shape, Arena) = (shape, new ParameterArena());
        _stageOf = [.. Enumerable.Range(0, shape.Depth).Select(shape.StageOf)];
        _windows = [.. _stageOf.Select((stage, b) => stage.Window == 0 ? null : new VitWindow(stage.Grid, stage.Window, stage.Shift(b)))];
        var chance = new Chance(seed, Streams.Weights);
        foreach (VitParameter p in VitParameters.Of(shape))
            Arena.Add(p.Name, p.Shape, p.First == FirstValues.Matrix ? ParameterKind.Decayed : ParameterKind.Plain, First(p, chance));
        Arena.Seal(Placed.Find(device));
    }

    private static float[] First(VitParameter p, Chance chance) => p.First switch
    {
        FirstValues.Matrix => ParameterArena.Normal(p.Count, 1 / Math.Sqrt(p.Count / p.Shape[0]), chance),
        FirstValues.Places => ParameterArena.Normal(p.Count, 0.02, chance),
        FirstValues.Ones => ParameterArena.Filled(p.Count, 1),
        _ => ParameterArena.Filled(p.Count, 0),
    };

    private VitNet(VitNet net) => (_shape, _stageOf, _windows, Arena) = (net._shape, net._stageOf, net._windows, net.Arena.Shadow());

    public VitShape Shape => _shape;

    public ParameterArena Arena { get; }

    /// <summary>The same net with gradients of its own, for a second thread. To be disposed before this one.</summary>
    public VitNet Shadow() => new(this);

    /// <summary>Tokens (B, 1 + p, C), or (B, p, C) without a class token.</summary>
    /// <param name="patches">As <see cref="VitStem.Apply"/> takes them.</param>
    /// <param name="places">(B, p): which patches of the image these are; null: all in order.</param>
    /// <exception cref="ArgumentException">Some patches of a stem that convolves.</exception>
    public VitTokens Embed(Tensor patches, Tensor? places = null)
    {
        if (places is not null && _shape.Convolves) throw new ArgumentException("a stem that convolves reads whole images; expected all patches in order, got some");
        long images = patches.shape[0];
        int c = _shape.Width, first = _shape.ClassTokens;
        Tensor x = VitStem.Apply(Arena, _shape, patches);                      // (B, p, C)
        if (!_shape.Form.Positions) return new VitTokens(x, Places: places, ClassTokens: first);
        Tensor positions = Arena["pos_embed"];                                 // (1, n, C)
        Tensor own = positions.narrow(1, first, _shape.Patches);               // (1, N, C)
        if (places is not null) own = own.view(_shape.Patches, c).index_select(0, places.flatten()).view(images, -1, c); // (B, p, C)
        x = x.Plus(own);
        if (first > 0) x = cat([Arena["cls_token"].Plus(positions.narrow(1, 0, 1)).expand(images, 1, c), x], 1);
        return new VitTokens(x, Places: places, ClassTokens: first);
    }

    /// <summary>All blocks.</summary>
    /// <param name="type">Of the branches; the residual stream and the norms are float32.</param>
    /// <param name="classOnly">Whether nothing but the class token is read behind the last block, which is then computed for it alone where there is one and no mask stands against that.</param>
    public VitTokens Run(VitTokens tokens, ITokenPolicy policy, ScalarType type, bool classOnly)
    {
        for (int b = 0; b < _shape.Depth; b++) tokens = Block(tokens, b, policy, type, classOnly && _shape.Form.ClassToken && b == _shape.Depth - 1);
        return tokens;
    }

    /// <summary>The blocks up to one, and of that one only its attention and what the policy keeps after it: for those who ask which patches go on and nothing more.</summary>
    public VitTokens Select(VitTokens tokens, ITokenPolicy policy, ScalarType type, int until)
    {
        for (int b = 0; b <= until; b++) tokens = Block(tokens, b, policy, type, last: false, stops: b == until);
        return tokens;
    }

    private VitTokens Block(VitTokens tokens, int index, ITokenPolicy policy, ScalarType type, bool last, bool stops = false)
    {
        using var scope = NewDisposeScope();                                   // what autograd does not keep is freed at once
        string name = $"blocks.{index}.";
        VitStage stage = _stageOf[index];
        if (index > 0 && index == stage.First) tokens = VitEntry.Enter(Arena, _shape, tokens, _stageOf[index - 1], stage);
        tokens = policy.Before(index, tokens);
        AttentionRows looks = policy.Looks(index);
        Allow(looks, tokens);
        bool one = last && tokens.Mask is null && looks == AttentionRows.None;
        Tensor x = tokens.X;                                                   // (B, n, C)
        int c = stage.Width, n = (int)x.shape[1];
        double scale = 1 / Math.Sqrt(stage.HeadWidth), epsilon = is_grad_enabled() ? AttentionEpsilon : 0;
        Tensor z = Norm(x, name + "norm1").to_type(type);                      // (B, n, C)
        Tensor w = Arena[name + "attn.qkv.weight"].to_type(type), bias = Arena[name + "attn.qkv.bias"].to_type(type);
        Tensor q = F.linear(one ? z.narrow(1, 0, 1) : z, w.narrow(0, 0, c), bias.narrow(0, 0, c)); // (B, n or 1, C)
        Tensor kv = F.linear(z, w.narrow(0, c, 2 * c), bias.narrow(0, c, 2 * c)); // (B, n, 2C)
        Tensor? mean = looks == AttentionRows.None ? null : zeros(x.shape[0], looks == AttentionRows.All ? n : 1, n, device: x.device);
        Tensor o = _windows[index] is { } window ? window.Apply(q, kv, tokens.Mask, Arena[name + "attn.relative_position_bias_table"], stage.Heads, scale, epsilon)
            : one ? Attention.Apply(q, kv, stage.Heads, scale, 0)              // the class token attends to all
            : MaskedAttention.Apply(q, kv, tokens.Mask, tokens.Links, stage.Heads, scale, epsilon, mean);
        x = (one ? x.narrow(1, 0, 1) : x).Plus(Branch(Linear(o, name + "attn.proj", type)));
        if (!one) tokens = policy.Within(index, tokens with { X = x }, mean);
        if (stops) return tokens.Outward(scope);
        x = one ? x : last && tokens.Mask is null ? tokens.X.narrow(1, 0, 1) : tokens.X;
        Tensor hidden = Gelu.Apply(Linear(Norm(x, name + "norm2").to_type(type), name + "mlp.fc1", type)); // (B, n, H)
        x = x.Plus(Branch(Linear(hidden, name + "mlp.fc2", type)));            // (B, n, C)
        return (tokens with { X = x }).Outward(scope);
    }

    private Tensor Branch(Tensor x) => _shape.Form.Skip == 1 ? x : x.Times(1 / _shape.Form.Skip);

    private void Allow(AttentionRows looks, VitTokens tokens)
    {
        if (looks != AttentionRows.None && (!_shape.Form.ClassToken || _shape.Form.Window > 0))
            throw new ArgumentException("expected a net with a class token and without windows for a choice by attention; choose by selectors, or by a rule that needs none");
        if (tokens.Places is not null && _shape.Form.Window > 0) throw new ArgumentException("windows need the whole grid; expected patches dropped by a mask, got gathered ones");
    }

    /// <summary>Final-norm features of the tokens, (B, n, C).</summary>
    public Tensor Features(VitTokens tokens) => Norm(tokens.X, "norm");

    /// <summary>Logits (B, classes) of final-norm features.</summary>
    /// <param name="mask">(B, n) of the tokens: without a class token the mean is over those alive; null: over all.</param>
    public Tensor Classify(Tensor features, Tensor? mask = null) => F.linear(Read(features, mask), Arena["head.weight"], Arena["head.bias"]);

    // (B, C); zeros where no token is alive.
    private Tensor Read(Tensor features, Tensor? mask)
    {
        if (_shape.Form.ClassToken) return features.select(1, 0);
        if (mask is null) return features.mean([1]);
        return matmul((mask / mask.sum(1, keepdim: true).AtLeast(0.5)).unsqueeze(1), features).squeeze(1); // a sum of marks is 0, or about 1 or more
    }

    /// <summary>The net as plain arrays.</summary>
    /// <param name="selector">The selector before a block, or null.</param>
    /// <param name="best">The pruning inside a block, or null.</param>
    /// <param name="choice">Which patches it reads; null: all.</param>
    /// <param name="blocks">How many blocks; null: all.</param>
    /// <param name="prefix">Of its layers' names, where it stands beside another net.</param>
    public VisionNet Export(Func<int, TokenSelector?>? selector = null, Func<int, BestPatches?>? best = null, PatchChoice? choice = null, int? blocks = null, string prefix = "") =>
        new VitExport(_shape, Arena, prefix).Run(selector, best, choice, blocks);

    private Tensor Norm(Tensor x, string name) => F.layer_norm(x, [x.shape[^1]], Arena[name + ".weight"], Arena[name + ".bias"], _shape.Form.Epsilon);

    private Tensor Linear(Tensor x, string name, ScalarType type) => F.linear(x, Arena[name + ".weight"].to_type(type), Arena[name + ".bias"].to_type(type));

    public void Dispose() => Arena.Dispose();
}
