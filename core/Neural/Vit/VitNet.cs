using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// A plain vision transformer in training: pre-norm blocks, class token, learned positions. A policy says which tokens go on. Parameters are named as in timm's and DeiT's checkpoints.
/// Letters as in <see cref="VitShape"/>, B images.
/// </summary>
internal sealed class VitNet : IDisposable
{
    private const double Epsilon = 1e-6;            // of norms, timm's
    private const double AttentionEpsilon = 1e-6;   // of the masked softmax while training, SPViT's code
    private readonly VitShape _shape;

    /// <summary>First weights are functions of the seed: matrices normal with deviation 1 / sqrt(inputs) cut at two deviations, positions and class token 0.02.</summary>
    public VitNet(VitShape shape, ulong seed, string device = "cpu")
    {
        shape.Check();
        (_shape, Arena) = (shape, new ParameterArena());
        int c = shape.Width;
        var chance = new Chance(seed, Streams.Weights);
        Linear("patch_embed.proj", c, shape.PatchSize);
        Plain("cls_token", [1, 1, c], ParameterArena.Normal(c, 0.02, chance));
        Plain("pos_embed", [1, shape.Tokens, c], ParameterArena.Normal(shape.Tokens * c, 0.02, chance));
        for (int b = 0; b < shape.Depth; b++)
        {
            Norm($"blocks.{b}.norm1");
            Linear($"blocks.{b}.attn.qkv", 3 * c, c);
            Linear($"blocks.{b}.attn.proj", c, c);
            Norm($"blocks.{b}.norm2");
            Linear($"blocks.{b}.mlp.fc1", shape.Expansion * c, c);
            Linear($"blocks.{b}.mlp.fc2", c, shape.Expansion * c);
        }
        Norm("norm");
        Linear("head", shape.Classes, c);
        Arena.Seal(Placed.Find(device));

        void Plain(string name, long[] size, float[] initial) => Arena.Add(name, size, ParameterKind.Plain, initial);

        void Norm(string name)
        {
            Plain(name + ".weight", [c], ParameterArena.Filled(c, 1));
            Plain(name + ".bias", [c], ParameterArena.Filled(c, 0));
        }

        void Linear(string name, int m, int k)
        {
            Arena.Add(name + ".weight", [m, k], ParameterKind.Decayed, ParameterArena.Normal(m * k, 1 / Math.Sqrt(k), chance));
            Plain(name + ".bias", [m], ParameterArena.Filled(m, 0));
        }
    }

    private VitNet(VitNet net) => (_shape, Arena) = (net._shape, net.Arena.Shadow());

    public VitShape Shape => _shape;

    public ParameterArena Arena { get; }

    /// <summary>The same net with gradients of its own, for a second thread. To be disposed before this one.</summary>
    public VitNet Shadow() => new(this);

    /// <summary>Tokens (B, 1 + p, C) of patches (B, p, K0).</summary>
    /// <param name="places">(B, p): which patches of the image these are; null: all in order.</param>
    public VitTokens Embed(Tensor patches, Tensor? places = null)
    {
        long images = patches.shape[0];
        int c = _shape.Width;
        Tensor positions = Arena["pos_embed"];                                 // (1, n, C)
        Tensor own = positions.narrow(1, 1, _shape.Patches);                   // (1, N, C)
        if (places is not null) own = own.view(_shape.Patches, c).index_select(0, places.flatten()).view(images, -1, c); // (B, p, C)
        Tensor x = F.linear(patches, Arena["patch_embed.proj.weight"], Arena["patch_embed.proj.bias"]).Plus(own);
        Tensor first = Arena["cls_token"].Plus(positions.narrow(1, 0, 1)).expand(images, 1, c);
        return new VitTokens(cat([first, x], 1), Places: places);
    }

    /// <summary>All blocks.</summary>
    /// <param name="type">Of the branches; the residual stream and the norms are float32.</param>
    /// <param name="classOnly">Whether nothing but the class token is read behind the last block, which is then computed for it alone where no mask stands against that.</param>
    public VitTokens Run(VitTokens tokens, ITokenPolicy policy, ScalarType type, bool classOnly)
    {
        for (int b = 0; b < _shape.Depth; b++) tokens = Block(tokens, b, policy, type, classOnly && b == _shape.Depth - 1);
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
        tokens = policy.Before(index, tokens);
        AttentionRows looks = policy.Looks(index);
        bool one = last && tokens.Mask is null && looks == AttentionRows.None;
        Tensor x = tokens.X;                                                   // (B, n, C)
        int c = _shape.Width, n = (int)x.shape[1];
        double scale = 1 / Math.Sqrt(_shape.HeadWidth);
        Tensor z = Norm(x, name + "norm1").to_type(type);                      // (B, n, C)
        Tensor w = Arena[name + "attn.qkv.weight"].to_type(type), bias = Arena[name + "attn.qkv.bias"].to_type(type);
        Tensor q = F.linear(one ? z.narrow(1, 0, 1) : z, w.narrow(0, 0, c), bias.narrow(0, 0, c)); // (B, n or 1, C)
        Tensor kv = F.linear(z, w.narrow(0, c, 2 * c), bias.narrow(0, c, 2 * c)); // (B, n, 2C)
        Tensor? mean = looks == AttentionRows.None ? null : zeros(x.shape[0], looks == AttentionRows.All ? n : 1, n, device: x.device);
        Tensor o = one ? Attention.Apply(q, kv, _shape.Heads, scale, 0)        // the class token attends to all
            : MaskedAttention.Apply(q, kv, tokens.Mask, tokens.Links, _shape.Heads, scale, is_grad_enabled() ? AttentionEpsilon : 0, mean);
        x = (one ? x.narrow(1, 0, 1) : x).Plus(Linear(o, name + "attn.proj", type));
        if (!one) tokens = policy.Within(index, tokens with { X = x }, mean);
        if (stops) return tokens.Outward();
        x = one ? x : last && tokens.Mask is null ? tokens.X.narrow(1, 0, 1) : tokens.X;
        Tensor hidden = Gelu.Apply(Linear(Norm(x, name + "norm2").to_type(type), name + "mlp.fc1", type)); // (B, n, H)
        x = x.Plus(Linear(hidden, name + "mlp.fc2", type));                    // (B, n, C)
        return (tokens with { X = x }).Outward();
    }

    /// <summary>Final-norm features of the tokens, (B, n, C).</summary>
    public Tensor Features(VitTokens tokens) => Norm(tokens.X, "norm");

    /// <summary>Logits (B, classes) of final-norm features.</summary>
    public Tensor Classify(Tensor features) => F.linear(features.select(1, 0), Arena["head.weight"], Arena["head.bias"]);

    /// <summary>The net as plain arrays.</summary>
    /// <param name="selector">The selector before a block, or null.</param>
    /// <param name="best">The pruning inside a block, or null.</param>
    /// <param name="choice">Which patches it reads; null: all.</param>
    /// <param name="blocks">How many blocks; null: all.</param>
    /// <param name="prefix">Of its layers' names, where it stands beside another net.</param>
    public VisionNet Export(Func<int, TokenSelector?>? selector = null, Func<int, BestPatches?>? best = null, PatchChoice? choice = null, int? blocks = null, string prefix = "")
    {
        int c = _shape.Width, channels = _shape.Channels, patch = _shape.Patch;
        float deviation = (float)_shape.Deviation;
        float[] ones = ParameterArena.Filled(c, 1), first = Numbers("cls_token"), positions = Numbers("pos_embed");
        var input = new PixelInput(channels, _shape.Side, ParameterArena.Filled(channels, 1 / (255 * deviation)), ParameterArena.Filled(channels, -_shape.Mean / deviation));
        var stem = new ConvLayer(prefix + "patch_embed.proj", c, channels, patch, patch, 0, 1, Numbers("patch_embed.proj.weight"), Numbers("patch_embed.proj.bias"));
        VisionBlock[] all = [.. Enumerable.Range(0, blocks ?? _shape.Depth).Select(b => new VisionBlock(selector?.Invoke(b), Normal($"blocks.{b}.norm1"), Layer($"blocks.{b}.attn.qkv"), _shape.Heads,
            Layer($"blocks.{b}.attn.proj"), ones, Normal($"blocks.{b}.norm2"), Layer($"blocks.{b}.mlp.fc1"), Layer($"blocks.{b}.mlp.fc2"), ones, best?.Invoke(b)))];
        return new VisionNet(input, [stem], first, positions, [new VisionStage(null, ValueList.Create<VisionBlock>(all))], Normal("norm"), Layer("head"), (float)Epsilon, choice);

        float[] Numbers(string name) => Arena[name].detach().Numbers();

        NormLayer Normal(string name) => new(Numbers(name + ".weight"), Numbers(name + ".bias"));

        LinearLayer Layer(string name) => new(prefix + name, (int)Arena[name + ".weight"].shape[0], (int)Arena[name + ".weight"].shape[1], Numbers(name + ".weight"), Numbers(name + ".bias"));
    }

    private Tensor Norm(Tensor x, string name) => F.layer_norm(x, [_shape.Width], Arena[name + ".weight"], Arena[name + ".bias"], Epsilon);

    private Tensor Linear(Tensor x, string name, ScalarType type) => F.linear(x, Arena[name + ".weight"].to_type(type), Arena[name + ".bias"].to_type(type));

    public void Dispose() => Arena.Dispose();
}
