using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>What a selector says of tokens; both (B, n).</summary>
/// <param name="Margin">Keep minus drop, averaged over heads by their weights: of logarithms the difference that decides.</param>
/// <param name="Keep">Averaged probability of being kept: a token's weight in a package.</param>
internal sealed record TokenScores(Tensor Margin, Tensor Keep);

/// <summary>
/// A token selector in training; equations in <see cref="TokenSelector"/>. Since log softmax(u)_keep - log softmax(u)_drop = u_keep - u_drop, the averaged logarithms need no softmax.
/// Letters: B images, n tokens without the class token, C = h d.
/// </summary>
internal static class SelectorNet
{
    private const float FirstBias = 2;   // e^2 : 1 for keeping, so that a new selector begins by dropping few

    /// <summary>Adds a selector's parameters to an arena that is not sealed yet.</summary>
    public static void Add(ParameterArena arena, string name, SelectorShape shape, Chance chance)
    {
        shape.Check();
        arena.Add($"{name}.norm.weight", [shape.HeadWidth], ParameterKind.Plain, ParameterArena.Filled(shape.HeadWidth, 1));
        arena.Add($"{name}.norm.bias", [shape.HeadWidth], ParameterKind.Plain, ParameterArena.Filled(shape.HeadWidth, 0));
        foreach (var (layer, m, k) in shape.Layers())
        {
            arena.Add($"{name}.{layer}.weight", [m, k], ParameterKind.Decayed, ParameterArena.Normal(m * k, 1 / Math.Sqrt(k), chance));
            arena.Add($"{name}.{layer}.bias", [m], ParameterKind.Plain, layer == "fc3" ? [FirstBias, 0] : ParameterArena.Filled(m, 0));
        }
    }

    /// <summary>Scores of tokens x (B, n, C).</summary>
    /// <param name="alive">(B, n): which of them the global mean is over.</param>
    public static TokenScores Score(ParameterArena arena, string name, SelectorShape shape, Tensor x, Tensor alive)
    {
        using var scope = NewDisposeScope();
        int h = shape.Heads, d = shape.HeadWidth, half = d / 2;
        long images = x.shape[0], n = x.shape[1];
        Tensor heads = x.view(images, n, h, d);                                // (B, n, h, d)
        Tensor e = Gelu.Apply(Linear(F.layer_norm(heads, [d], arena[$"{name}.norm.weight"], arena[$"{name}.norm.bias"], shape.Epsilon), "embed")); // (B, n, h, d or d/2)
        Tensor all = shape.Halves ? e.narrow(3, half, half) : e, local = shape.Halves ? e.narrow(3, 0, half) : e;
        Tensor share = alive / alive.sum(1, keepdim: true).AtLeast(0.5);     // (B, n); a sum of marks is 0, or about 1 or more
        Tensor global = matmul(share.unsqueeze(1), all.reshape(images, n, h * half)).view(images, 1, h, half); // (B, 1, h, d/2)
        // Fc1 of [local, global] as the sum of two products: the global one is done once per image and head.
        Tensor w = arena[$"{name}.fc1.weight"];                                // (d/2, d)
        Tensor u = F.linear(local, w.narrow(1, 0, half)).Plus(F.linear(global, w.narrow(1, half, half), arena[$"{name}.fc1.bias"]));
        u = Linear(Gelu.Apply(Linear(Gelu.Apply(u), "fc2")), "fc3");           // (B, n, h, 2)
        Tensor difference = u.select(3, 0).Minus(u.select(3, 1));              // (B, n, h)
        Tensor a = sigmoid(Linear(Gelu.Apply(Linear(heads.mean([3]), "head.fc1")), "head.fc2")); // (B, n, h)
        Tensor weights = a / a.sum(2, keepdim: true);                          // (B, n, h)
        Tensor keep = (weights * sigmoid(difference)).sum(2);                  // (B, n)
        Tensor margin = shape.Logarithms ? (weights * difference).sum(2) : keep.Times(2).PlusNumber(-1); // (B, n)
        return new TokenScores(margin.MoveToOuterDisposeScope(), keep.MoveToOuterDisposeScope());

        Tensor Linear(Tensor of, string layer) => F.linear(of, arena[$"{name}.{layer}.weight"], arena[$"{name}.{layer}.bias"]);
    }

    /// <summary>The selector as plain arrays.</summary>
    public static TokenSelector Export(ParameterArena arena, string name, SelectorShape shape, float threshold, PackageRule package)
    {
        LinearLayer[] layers = [.. shape.Layers().Select(l => new LinearLayer($"{name}.{l.Name}", l.M, l.K, arena[$"{name}.{l.Name}.weight"].Numbers(), arena[$"{name}.{l.Name}.bias"].Numbers()))];
        return new TokenSelector(shape.Heads, new NormLayer(arena[$"{name}.norm.weight"].Numbers(), arena[$"{name}.norm.bias"].Numbers()),
            layers[0], layers[1], layers[2], layers[3], layers[4], layers[5], shape.Logarithms, threshold, package);
    }
}
