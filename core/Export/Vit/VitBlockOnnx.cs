namespace Hone.Export;

/// <summary>Lowers one transformer block of a <see cref="VitModel"/>; every value's name begins with the block's.</summary>
internal sealed class VitBlockOnnx(OnnxGraph graph, VitModel model, int index)
{
    private readonly VitBlock _block = model.Blocks[index];
    private readonly OnnxScope _scope = new(graph, $"block{index}");

    /// <summary>x (N, T, E) -> (N, T, E).</summary>
    public string Write(string x)
    {
        string qkv = VitOnnx.Linear(graph, Norm(x, _block.Norm1, "norm1"), _block.Qkv);                        // (N, T, 3A)
        var attention = new AttentionOnnx(_scope, _block.Heads, model.HeadWidth) { Q = _block.Q, K = _block.K, V = _block.V, P = _block.P };
        string middle = _scope.Residual("middle", x, VitOnnx.Linear(graph, attention.Write(qkv).Mixed, _block.Proj), _block.Scale1, 1);
        string hidden = VitOnnx.Linear(graph, Norm(middle, _block.Norm2, "norm2"), _block.Fc1);
        string second = VitOnnx.Linear(graph, _scope.Gelu("gelu", hidden), _block.Fc2);
        return _scope.Residual("end", middle, second, _block.Scale2, 2);
    }

    private string Norm(string x, LayerNorm norm, string part) => _scope.Within(part).Norm(x, norm.Gamma, norm.Beta, model.Epsilon);
}
