using Hone.Model;

namespace Hone.Export;

/// <summary>Lowers one block of an <see cref="IntegerNet"/>. Letters: N images, n tokens, C width, h heads of width d.</summary>
internal sealed class IntegerBlockOnnx(OnnxScope scope, IntegerBlock block, IntegerNet net)
{
    private readonly FixedOnnx _at = new(scope);
    private readonly int _c = block.Proj.K;

    public TokensOnnx Write(TokensOnnx tokens)
    {
        if (block.Selector is { } selector) tokens = new IntegerSelectorOnnx(scope.Within("selector"), selector, net).Write(tokens);
        string x = Sum(tokens.X, _at.Linear(Attend(_at.Norm(tokens.X, block.Norm1, _c, net.Epsilon)), block.Proj));
        string hidden = _at.Gelu(_at.Norm(x, block.Norm2, _c, net.Epsilon), block.Fc1, net.Gelu, block.Fc2.InputPlaces);
        return tokens with { X = Sum(x, _at.Linear(hidden, block.Fc2)) };
    }

    private string Sum(string a, string b) => _at.Saturate(_at.Add(a, b));

    /// <summary>Codes (N, n, C) -> codes of what heads mix, (N, n, C).</summary>
    private string Attend(string codes)
    {
        string qkv = _at.Accumulate(codes, block.Qkv);                                                        // (N, n, 3C)
        string q = Heads(qkv, 0, block.QueryPlaces, 0, 2, 1, 3), k = Heads(qkv, 1, block.KeyPlaces, 0, 2, 3, 1), v = Heads(qkv, 2, block.ValuePlaces, 0, 2, 1, 3);
        string dots = _at.ToWhole(_at.Node("MatMul", q, k));                                                  // (N, h, n, n)
        string scores = _at.Saturate(_at.Round(_at.Times(dots, block.ScoreFactor), block.QueryPlaces + block.KeyPlaces));
        string mixed = _at.ToWhole(_at.Node("MatMul", _at.ToReal(_at.Softmax(scores, HeatVitInteger.Levels, HeatVitInteger.HighestShare)), v));   // (N, h, n, d)
        string together = _at.Reshape(_at.Transpose(mixed, 0, 2, 1, 3), 0, 0, _c);
        return _at.Code(together, net.SharePlaces + block.ValuePlaces - block.Proj.InputPlaces);
    }

    private string Heads(string qkv, int part, int places, params long[] order)
    {
        string codes = _at.Code(_at.Slice(qkv, -1, part * _c, (part + 1) * _c), block.Qkv.Places - places);
        return _at.Transpose(_at.Reshape(codes, 0, 0, block.Heads, _c / block.Heads), order);
    }
}
