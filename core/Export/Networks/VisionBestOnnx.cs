using Hone.Model;

namespace Hone.Export;

/// <summary>Keeps the best patches of each image, and which of them see each other. Letters: N images, p patches before, k kept ones, h heads.</summary>
/// <param name="scope">The block's "best".</param>
internal sealed class VisionBestOnnx(OnnxScope scope, BestPatches best)
{
    private readonly OnnxGraph _graph = scope.Graph;

    /// <param name="shares">The block's attention, (N, h, 1 + p, 1 + p).</param>
    public TokensOnnx Write(TokensOnnx tokens, string shares)
    {
        int kept = best.Kept(tokens.Patches);
        string mean = scope.Node("ReduceMean", "mean", [shares, _graph.Whole(1)], OnnxAttribute.Int("keepdims", 0));                  // (N, 1 + p, 1 + p)
        string row = scope.Node("Squeeze", "row", [scope.Slice("class_row", scope.Slice("patch_columns", mean, 2, 1), 1, 0, 1), _graph.Whole(1)]);   // (N, p)
        string order = scope.Graph.Node("TopK", [$"{scope.Name}.best_shares", $"{scope.Name}.best_places"], [row, _graph.Whole(kept)])[1];
        string places = scope.Graph.Node("TopK", [$"{scope.Name}.places", $"{scope.Name}.places_order"], [order, _graph.Whole(kept)], OnnxAttribute.Int("largest", 0))[0];
        string index = scope.Node("Unsqueeze", "index", [scope.Node("Add", "tokens", [places, _graph.Whole(1)]), _graph.Whole(-1)]);  // (N, k, 1): among all tokens
        string x = scope.Concat("out", 1, tokens.Class(scope), Rows("kept", tokens.X, index));                                        // (N, 1 + k, C)
        string? rows = tokens.Rows is null or "" ? tokens.Rows is null ? null : places : scope.Node("GatherElements", "rows_of_grid", [tokens.Rows, places], OnnxAttribute.Int("axis", 1));
        return tokens with { X = x, Patches = kept, Links = best.Links < 1 ? Links(mean, index, kept) : null, Rows = rows };
    }

    /// <summary>Patches see those that are at least as large as the last one that they may see, themselves, and the class token; (N, 1, 1 + k, 1 + k).</summary>
    private string Links(string mean, string index, int kept)
    {
        string columns = Rows("rows", scope.Transpose("columns", Rows("mean_rows", mean, index), 0, 2, 1), index);                    // (N, k, k): seen, seeing
        string seeing = scope.Transpose("seeing", columns, 0, 2, 1);                                                                  // (N, k, k)
        int seen = best.Seen(kept);
        string highest = scope.Graph.Node("TopK", [$"{scope.Name}.highest", $"{scope.Name}.highest_places"], [seeing, _graph.Whole(seen)])[0];
        string linked = scope.To("linked", scope.Node("GreaterOrEqual", "above", [seeing, scope.Slice("least", highest, 2, seen - 1)]), OnnxSchema.DataType.Float);
        float[] self = new float[kept * kept];
        for (int i = 0; i < kept; i++) self[(i * kept) + i] = 1;
        string own = scope.Node("Max", "linked_or_self", [linked, scope.Floats("self", self, kept, kept)]);
        string padded = scope.Node("Pad", "with_class", [own, _graph.Whole(0, 1, 1, 0, 0, 0), _graph.Number(1)]);                     // (N, 1 + k, 1 + k)
        return scope.To("links", scope.Node("Unsqueeze", "for_heads", [padded, _graph.Whole(1)]), OnnxSchema.DataType.Bool);
    }

    /// <summary>Rows of each image by its own index.</summary>
    private string Rows(string output, string x, string index) => scope.Node("GatherND", output, [x, index], OnnxAttribute.Int("batch_dims", 1));
}
