using Hone.Model;

namespace Hone.Export;

/// <summary>Drops tokens of one image and packs them, as <see cref="IntegerSelection"/> does. Letters: p patches, m of them and the package, C width, h heads of width d. What is dropped is packed, so there always is one of both: m is never 0.</summary>
/// <param name="scope">The block's "selector".</param>
internal sealed class IntegerSelectorOnnx(OnnxScope scope, IntegerSelector selector, IntegerNet net)
{
    private readonly FixedOnnx _at = new(scope);
    private readonly OnnxGraph _graph = scope.Graph;

    public TokensOnnx Write(TokensOnnx tokens)
    {
        string rest = tokens.Rest(scope), count = tokens.Count(scope);                                        // (1, m, C); (1): p
        string scores = Scores(rest);                                                                         // (1, m)
        string passes = _at.Node("GreaterOrEqual", Flat(scores), _at.Number(selector.Threshold));             // (m)
        string? package = tokens.Packages ? _at.Node("GreaterOrEqual", Numbers(rest), count) : null;          // (m)
        string patch = package is null ? passes : _at.Node("And", passes, _at.Node("Not", package));          // kept patches
        string places = Compress(tokens.Alive(scope), package is null ? patch : _at.Node("Slice", patch, _at.Number(0), count), 0);
        string any = _at.Node("Less", scope.Length("kept", places, 0), count);                                // (1): whether one was dropped
        string merged = _at.Node("Not", patch);                                                               // (m): dropped ones and the old package
        string made = Package(rest, scores, merged);                                                          // (1, 1, C)
        string stays = package is null ? patch : _at.Node("Or", patch, _at.Node("And", package, _at.Node("Not", any)));
        string goesOn = Compress(scope.Concat("with_package", 1, rest, made), scope.Concat("stays_or_made", 0, stays, any), 1);
        return tokens with { X = scope.Concat("out", 1, tokens.Class(scope), goesOn), Places = places, Packages = true };
    }

    private string Package(string rest, string scores, string merged)
    {
        string marks = _at.Node("Unsqueeze", _at.ToWhole(merged), _at.Number(0)), weights = _at.Node("Mul", scores, marks);   // (1, m)
        string none = _at.Node("Equal", _at.Sum(weights, 1), _at.Number(0));                                  // (1, 1): all scores are 0
        weights = _at.Node("Where", none, marks, weights);
        string sum = _at.Sum(_at.Node("Mul", _at.Node("Unsqueeze", weights, _at.Number(2)), rest), 1);        // (1, 1, C)
        return _at.Divide(sum, _at.Node("Unsqueeze", _at.Node("Max", _at.Sum(weights, 1), _at.Number(1)), _at.Number(2)));
    }

    /// <summary>Tokens (1, m, C) -> scores (1, m) in units of 2^-16.</summary>
    private string Scores(string rest)
    {
        int h = selector.Heads, d = selector.Embed.K, gelu = net.Gelu;
        string slices = _at.Reshape(rest, 0, 0, h, d);                                                        // (1, m, h, d)
        string e = _at.Gelu(_at.Norm(slices, selector.Norm, d, net.Epsilon), selector.Embed, gelu, selector.Fc1.InputPlaces); // (1, m, h, d/2)
        string mean = _at.Divide(_at.Sum(_at.ToWhole(e), 1), scope.Length("number", rest, 1));                // (1, 1, h, d/2)
        string global = _at.Node("Expand", _at.Code(mean, 0), _at.Node("Shape", e));
        string hidden = _at.Gelu(scope.Concat("features", -1, e, global), selector.Fc1, gelu, selector.Fc2.InputPlaces);
        string u = _at.Linear(_at.Gelu(hidden, selector.Fc2, gelu, selector.Fc3.InputPlaces), selector.Fc3);  // (1, m, h, 2)
        string keeps = _at.Node("Squeeze", _at.Slice(_at.Softmax(u, FixedPoint.One, FixedPoint.One), -1, 0, 1), _at.Number(-1)); // (1, m, h)
        string means = _at.Code(_at.Divide(_at.Sum(slices, 3, keeps: false), _at.Number(d)), FixedPoint.Places - selector.HeadFc1.InputPlaces);
        string weights = _at.Sigmoid(_at.Linear(_at.Gelu(means, selector.HeadFc1, gelu, selector.HeadFc2.InputPlaces), selector.HeadFc2)); // (1, m, h)
        string all = _at.Sum(weights, 2, keeps: false), some = _at.Node("Max", all, _at.Number(1));
        string weighted = _at.Divide(_at.Sum(_at.Node("Mul", weights, keeps), 2, keeps: false), some), plain = _at.Divide(_at.Sum(keeps, 2, keeps: false), _at.Number(h));
        return _at.Node("Where", _at.Node("Greater", all, _at.Number(0)), weighted, plain);
    }

    /// <summary>0, 1, .. m - 1.</summary>
    private string Numbers(string rest) => _at.Node("Range", Flat(_graph.Whole(0)), Flat(scope.Length("length", rest, 1)), Flat(_graph.Whole(1)));

    private string Flat(string x) => _at.Node("Squeeze", x, _graph.Whole(0));

    private string Compress(string x, string condition, int axis) => _at.Node("Compress", [x, condition], OnnxAttribute.Int("axis", axis));
}
