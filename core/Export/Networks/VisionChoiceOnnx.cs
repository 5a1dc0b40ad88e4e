using Hone.Model;

namespace Hone.Export;

/// <summary>Chooses patches before the first block. Letters: N images, p patches, s chosen ones, C width.</summary>
/// <param name="scope">"choice".</param>
internal sealed class VisionChoiceOnnx(OnnxScope scope, VisionNet net)
{
    private readonly OnnxGraph _graph = scope.Graph;

    /// <summary>The class token and the chosen patches in the grid's order.</summary>
    public TokensOnnx Write(TokensOnnx tokens, string images)
    {
        (string places, int count) = net.Choice switch
        {
            PatchChoice.ByVariance(var most) => (ByVariance(images, most), most),
            PatchChoice.BySelector(var selector) => BySelector(selector, images),
            _ => throw new ArgumentException($"no lowering of {net.Choice?.GetType().Name}"),
        };
        string index = scope.Node("Unsqueeze", "index", [places, _graph.Whole(-1)]);                          // (N, s, 1)
        string chosen = scope.Node("GatherND", "chosen", [tokens.Rest(scope), index], OnnxAttribute.Int("batch_dims", 1));   // (N, s, C)
        return tokens with { X = tokens.ClassToken ? scope.Concat("out", 1, tokens.Class(scope), chosen) : chosen, Patches = count };
    }

    /// <summary>(N, s), ascending.</summary>
    private string ByVariance(string images, int count)
    {
        int c = net.Input.Channels, patch = net.Stem[0].Kernel, grid = net.Grid;
        string pixels = VitOnnx.Pixels(_graph, images, net.Input.Scale, net.Input.Offset, "choice.");
        string cells = scope.Transpose("cells", scope.Reshape("cut", pixels, 0, c, grid, patch, grid, patch), 0, 2, 4, 1, 3, 5);
        string patches = scope.Reshape("patches", cells, 0, grid * grid, c * patch * patch);                  // (N, p, C patch patch)
        string mean = scope.Node("ReduceMean", "mean", [patches, _graph.Whole(2)]);
        string apart = scope.Node("Sub", "apart", [patches, mean]);
        string variance = scope.Node("ReduceMean", "variance", [scope.Node("Mul", "squares", [apart, apart]), _graph.Whole(2)], OnnxAttribute.Int("keepdims", 0));
        string best = _graph.Node("TopK", ["choice.largest", "choice.order"], [variance, _graph.Whole(count)])[1];
        return _graph.Node("TopK", ["choice.places", "choice.places_order"], [best, _graph.Whole(count)], OnnxAttribute.Int("largest", 0))[0];
    }

    private (string Places, int Count) BySelector(VisionNet selector, string images)
    {
        TokensOnnx tokens = VisionOnnx.Embed(_graph, selector, images, "choice.") with { Rows = "" };
        ValueList<VisionBlock> blocks = selector.Stages[0].Blocks;
        for (int b = 0; b < blocks.Count; b++) tokens = new VisionBlockOnnx(scope.Within($"block{b}"), blocks[b], selector.Epsilon).Write(tokens, stops: b == blocks.Count - 1);
        return (tokens.Rows!, tokens.Patches);
    }
}
