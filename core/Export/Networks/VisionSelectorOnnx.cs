using Hone.Model;

namespace Hone.Export;

/// <summary>
/// Drops tokens of one image and packs them, as <see cref="TokenSelector"/> says. Letters: p patches, k packages, m = p + k, C width. What need not exist (a package, where nothing was dropped)
/// is computed and then compressed away.
/// </summary>
/// <param name="scope">The block's "selector".</param>
internal sealed class VisionSelectorOnnx(OnnxScope scope, TokenSelector selector, float epsilon)
{
    private readonly OnnxGraph _graph = scope.Graph;

    public TokensOnnx Write(TokensOnnx tokens)
    {
        string rest = tokens.Rest(scope), count = tokens.Count(scope);                                        // (1, m, C); (1): p
        (string? share, string margin) = new VisionScoresOnnx(scope, selector, epsilon).Write(rest);          // (1, m)
        string passes = scope.Node("GreaterOrEqual", "passes", [Flat("margins", margin), _graph.Number(selector.Threshold)]);         // (m)
        string? package = tokens.Packages ? scope.Node("GreaterOrEqual", "is_package", [Numbers(rest), count]) : null;                // (m)
        string keep = package is null ? passes : scope.Node("Or", "keep", [passes, package]);
        string alive = tokens.Alive(scope);
        string places = Compress("places", alive, package is null ? keep : scope.Node("Slice", "keep_patches", [keep, _graph.Whole(0), count]), 0);
        string any = scope.Node("Less", "any_dropped", [scope.Length("kept", places, 0), count]);             // (1)
        string goesOn = selector.Package == PackageRule.None ? Compress("kept_tokens", rest, keep, 1) : Packed(rest, share!, keep, any, package);
        return tokens with { X = tokens.ClassToken ? scope.Concat("out", 1, tokens.Class(scope), goesOn) : goesOn, Places = places, Packages = selector.Package != PackageRule.None };
    }

    /// <summary>The tokens that stay and, where any was dropped, the new package.</summary>
    private string Packed(string rest, string share, string keep, string any, string? package)
    {
        string dropped = scope.Node("Not", "dropped", [keep]);                                                // (m)
        string merged = selector.Package == PackageRule.Merged && package is not null ? scope.Node("Or", "merged", [dropped, package]) : dropped;
        string weights = scope.Node("Where", "weights", [merged, share, _graph.Number(0)]);                   // (1, m)
        string made = Sum("package_sum", weights, rest);                                                      // (1, 1, C)
        if (selector.Package != PackageRule.PerStage)
        {
            string total = scope.Node("ReduceSum", "weight", [weights, _graph.Whole(1)]);                     // (1, 1)
            made = scope.Node("Div", "package_mean", [made, scope.Node("Max", "some_weight", [total, _graph.Number(TokenSelector.LeastWeight)])]);
        }
        string stays = keep;
        if (package is not null && selector.Package != PackageRule.PerStage)                                  // the new package takes the old one's place
        {
            if (selector.Package == PackageRule.Running)
            {
                string row = scope.Node("Unsqueeze", "package_row", [scope.To("package_number", package, OnnxSchema.DataType.Float), _graph.Whole(0)]);   // (1, m)
                made = scope.Node("Add", "package_running", [made, Sum("package_before", row, rest)]);
            }
            stays = scope.Node("And", "stays", [keep, scope.Node("Not", "not_replaced", [scope.Node("And", "replaced", [package, any])])]);
        }
        return Compress("kept_tokens", scope.Concat("with_package", 1, rest, made), scope.Concat("stays_or_made", 0, stays, any), 1);
    }

    /// <summary>Rows (1, m, C) weighted (1, m) and added up, (1, 1, C).</summary>
    private string Sum(string output, string weights, string rows) => scope.Node("MatMul", output, [scope.Node("Unsqueeze", $"{output}_row", [weights, _graph.Whole(1)]), rows]);

    /// <summary>0, 1, .. m - 1.</summary>
    private string Numbers(string rest)
    {
        string length = Flat("length_scalar", scope.Length("length", rest, 1));
        return scope.Node("Range", "numbers", [Flat("zero", _graph.Whole(0)), length, Flat("one", _graph.Whole(1))]);
    }

    private string Flat(string output, string x) => scope.Node("Squeeze", output, [x, _graph.Whole(0)]);

    private string Compress(string output, string x, string condition, int axis) => scope.Node("Compress", output, [x, condition], OnnxAttribute.Int("axis", axis));
}
