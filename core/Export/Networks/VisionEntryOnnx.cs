using Hone.Model;

namespace Hone.Export;

/// <summary>Brings tokens from one stage's grid to the next one's. Letters: N images, p alive patches, g side of the grid, C width.</summary>
/// <param name="scope">The stage's "entry".</param>
internal sealed class VisionEntryOnnx(OnnxScope scope, StageEntry entry, float epsilon)
{
    private readonly OnnxGraph _graph = scope.Graph;

    public TokensOnnx Write(TokensOnnx tokens) => entry switch
    {
        StageEntry.Pool pool => Pool(pool, tokens),
        StageEntry.Merge merge => Merge(merge, tokens),
        _ => throw new ArgumentException($"no lowering of {entry.GetType().Name}"),
    };

    private TokensOnnx Pool(StageEntry.Pool pool, TokensOnnx tokens)
    {
        ConvLayer conv = pool.Patches;
        int side = conv.Out(tokens.Grid);
        (string? first, string patches, string? packages) = tokens.Parts(scope);
        string image = scope.Reshape("image", scope.Transpose("channels_first", Full(patches, tokens, conv.Inputs), 0, 2, 1), 0, conv.Inputs, tokens.Grid, tokens.Grid);
        string x = Tokens(scope, LayerOnnx.Conv(_graph, image, conv), conv.M, side);                          // (N, side side, C')
        string? places = Alive(tokens, LayerOnnx.Field(conv));
        if (places is not null) x = scope.Node("Gather", "alive", [x, places], OnnxAttribute.Int("axis", 1));
        if (first is not null || packages is not null)
        {
            string others = first is null ? packages! : packages is null ? first : scope.Concat("others", 1, first, packages);
            string through = LayerOnnx.Linear(_graph, others, pool.ClassToken);
            x = first is null ? scope.Concat("out", 1, x, through) : packages is null ? scope.Concat("out", 1, through, x)
                : scope.Concat("out", 1, scope.Slice("class_out", through, 1, 0, 1), x, scope.Slice("packages_out", through, 1, 1));
        }
        return tokens with { X = x, Grid = side, Patches = side * side, Places = places };
    }

    private TokensOnnx Merge(StageEntry.Merge merge, TokensOnnx tokens)
    {
        int half = tokens.Grid / 2, c = merge.Reduction.K / 4;
        string field = scope.Reshape("fields", Full(tokens.X, tokens, c), 0, half, 2, half, 2, c);            // (N, row, upper or lower, column, left or right, C)
        string x = scope.Reshape("fours", scope.Transpose("fields_ordered", field, 0, 1, 3, 4, 2, 5), 0, half * half, 4 * c);
        string? places = Alive(tokens, OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));
        if (places is not null) x = scope.Node("Gather", "alive", [x, places], OnnxAttribute.Int("axis", 1));
        return tokens with { X = LayerOnnx.Linear(_graph, LayerOnnx.Norm(scope.Within("norm"), x, merge.Norm, epsilon), merge.Reduction), Grid = half, Patches = half * half, Places = places };
    }

    /// <summary>All patches of the grid, (N, g g, C); zeros where one was dropped.</summary>
    private string Full(string patches, TokensOnnx tokens, int c) => tokens.Places is null ? patches : PlacesOnnx.Scatter(scope, "full", patches, tokens.Places, tokens.Grid * tokens.Grid, c);

    /// <summary>The places of the next grid that see an alive one of this one; null where all are alive.</summary>
    private string? Alive(TokensOnnx tokens, params OnnxAttribute[] field)
    {
        if (tokens.Places is null) return null;
        string image = scope.Reshape("alive_image", PlacesOnnx.Mask(scope, "alive_mask", tokens.Places, tokens.Grid * tokens.Grid), 1, 1, tokens.Grid, tokens.Grid);
        string next = scope.Reshape("alive_next", scope.Node("MaxPool", "alive_pooled", [image], field), -1);
        return scope.Node("Squeeze", "places", [scope.Node("NonZero", "places_found", [next]), _graph.Whole(0)]);
    }

    /// <summary>Patches (N, C, side, side) as tokens (N, side side, C).</summary>
    internal static string Tokens(OnnxScope scope, string image, int c, int side) => scope.Transpose("tokens", scope.Reshape("flat", image, 0, c, side * side), 0, 2, 1);
}
