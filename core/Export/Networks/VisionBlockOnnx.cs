using Hone.Model;

namespace Hone.Export;

/// <summary>Lowers one block of a <see cref="VisionNet"/>. Letters: N images, n tokens, C width, h heads, A attention width.</summary>
internal sealed class VisionBlockOnnx(OnnxScope scope, VisionBlock block, float epsilon)
{
    private readonly OnnxGraph _graph = scope.Graph;
    private readonly int _d = block.Proj.K / block.Heads;

    /// <param name="stops">Whether nothing behind its attention, and the patches that are kept after it, is wanted.</param>
    public TokensOnnx Write(TokensOnnx tokens, bool stops = false)
    {
        if (block.Selector is { } selector) tokens = new VisionSelectorOnnx(scope.Within("selector"), selector, epsilon).Write(tokens);
        string qkv = Linear(Norm("norm1", tokens.X, block.Norm1), block.Qkv);                                 // (N, n, 3A)
        (string mixed, string shares) = block.Window is { } window ? (new VisionWindowOnnx(scope.Within("window"), window, block.Heads, _d).Write(tokens, qkv), "")
            : new AttentionOnnx(scope, block.Heads, _d) { See = tokens.Links is { } links ? scores => See(scores, links) : null }.Write(qkv);
        tokens = tokens with { X = scope.Residual("middle", tokens.X, Linear(mixed, block.Proj), block.Scale1, 1) };
        if (block.Best is { } best) tokens = new VisionBestOnnx(scope.Within("best"), best).Write(tokens, shares);
        if (stops) return tokens;
        string hidden = scope.Gelu("gelu", Linear(Norm("norm2", tokens.X, block.Norm2), block.Fc1));
        return tokens with { X = scope.Residual("end", tokens.X, Linear(hidden, block.Fc2), block.Scale2, 2) };
    }

    private string See(string scores, string links) => scope.Node("Where", "linked", [links, scores, _graph.Number(LayerOnnx.Unseen)]);

    private string Linear(string x, LinearLayer layer) => LayerOnnx.Linear(_graph, x, layer);

    private string Norm(string part, string x, NormLayer norm) => LayerOnnx.Norm(scope.Within(part), x, norm, epsilon);
}
