using Hone.Model;

namespace Hone.Export;

/// <summary>
/// How a selector scores tokens. Letters: m tokens, h heads of width d. Sums are products, since no token may be left (m = 0) and ONNX Runtime 1.31 reduces what is empty to another shape [measured].
/// </summary>
/// <param name="scope">The block's "selector".</param>
internal sealed class VisionScoresOnnx(OnnxScope scope, TokenSelector selector, float epsilon)
{
    private readonly OnnxGraph _graph = scope.Graph;

    /// <summary>Tokens (1, m, h d) -> their probability of being kept where packages need it, and the margin that decides, both (1, m).</summary>
    public (string? Share, string Margin) Write(string tokens)
    {
        int d = selector.Embed.K;
        string slices = scope.Reshape("slices", tokens, 0, 0, selector.Heads, d);                             // (1, m, h, d)
        string weights = HeadWeights(slices, d);                                                              // (1, m, 1, h)
        string u = Score(Features(selector.Norm is null ? slices : LayerOnnx.Norm(scope.Within("norm"), slices, selector.Norm, epsilon), d));   // (1, m, h, 2)
        string? shares = !selector.Logarithms || selector.Package != PackageRule.None ? Averaged("Softmax", "share", u, weights) : null;   // (1, m, 1, 2)
        string decides = selector.Logarithms ? Averaged("LogSoftmax", "log", u, weights) : shares!;
        string margin = scope.Node("Sub", "margin", [Column("keeps", decides, 0), Column("drops", decides, 1)]);
        return (selector.Package != PackageRule.None ? Column("keep_share", shares!, 0) : null, margin);
    }

    /// <summary>Local and global features side by side, (1, m, h, d) before and after.</summary>
    private string Features(string slices, int d)
    {
        string e = scope.Gelu("embedded", LayerOnnx.Linear(_graph, slices, selector.Embed)), local = e, others = e;
        if (selector.Embed.M == d) (local, others) = (scope.Slice("local", e, -1, 0, d / 2), scope.Slice("others", e, -1, d / 2));
        string flat = scope.Reshape("others_flat", others, 0, 0, selector.Heads * (d / 2));                   // (1, m, h d/2)
        string mean = scope.Reshape("global", LayerOnnx.Mean(scope, flat), 1, 1, selector.Heads, d / 2);
        return scope.Concat("features", -1, local, scope.Node("Expand", "global_everywhere", [mean, scope.Node("Shape", "local_shape", [local])]));
    }

    private string Score(string features)
    {
        string first = scope.Gelu("hidden1", LayerOnnx.Linear(_graph, features, selector.Fc1));
        return LayerOnnx.Linear(_graph, scope.Gelu("hidden2", LayerOnnx.Linear(_graph, first, selector.Fc2)), selector.Fc3);
    }

    /// <summary>Each token's shares of its heads, which sum to 1.</summary>
    private string HeadWeights(string slices, int d)
    {
        string column = scope.Node("MatMul", "head_means_column", [slices, scope.Floats("head_mean", [.. Enumerable.Repeat(1f / d, d)], d, 1)]);   // (1, m, h, 1)
        string means = scope.Node("Squeeze", "head_means", [column, _graph.Whole(-1)]);                       // (1, m, h)
        string hidden = scope.Gelu("head_hidden", LayerOnnx.Linear(_graph, means, selector.HeadFc1));
        string weights = scope.Node("Unsqueeze", "head_weights", [scope.Node("Sigmoid", "head_sigmoid", [LayerOnnx.Linear(_graph, hidden, selector.HeadFc2)]), _graph.Whole(2)]);   // (1, m, 1, h)
        string total = scope.Node("MatMul", "head_total", [weights, scope.Floats("head_sum", [.. Enumerable.Repeat(1f, selector.Heads)], selector.Heads, 1)]);
        return scope.Node("Div", "head_shares", [weights, total]);
    }

    /// <summary>(1, m, h, 2) averaged over heads, (1, m, 1, 2).</summary>
    private string Averaged(string operation, string part, string u, string weights) =>
        scope.Node("MatMul", $"{part}s", [weights, scope.Node(operation, $"{part}_heads", [u], OnnxAttribute.Int("axis", -1))]);

    /// <summary>(1, m, 1, 2) -> (1, m).</summary>
    private string Column(string output, string x, long column) => scope.Node("Squeeze", output, [scope.Slice($"{output}_column", x, -1, column, column + 1), _graph.Whole(2, 3)]);
}
