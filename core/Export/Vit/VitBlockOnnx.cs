namespace Hone.Export;

/// <summary>Lowers one transformer block of a <see cref="VitModel"/>; every value's name begins with the block's.</summary>
internal sealed class VitBlockOnnx(OnnxGraph graph, VitModel model, int index)
{
    private readonly VitBlock _block = model.Blocks[index];
    private readonly string _name = $"block{index}";

    /// <summary>x (N, T, E) -> (N, T, E).</summary>
    public string Write(string x)
    {
        int e = model.Embed;
        string attended = VitOnnx.Linear(graph, Attention(Norm(x, _block.Norm1, "norm1")), _block.Proj);
        string scaled1 = Node("Mul", "scaled1", [attended, graph.Floats($"{_name}.scale1", _block.Scale1, e)]);
        string middle = Node("Add", "middle", [x, scaled1]);
        string hidden = VitOnnx.Linear(graph, Norm(middle, _block.Norm2, "norm2"), _block.Fc1);
        string bent = Node("Gelu", "gelu", [hidden], OnnxAttribute.Text("approximate", "none"));
        string second = VitOnnx.Linear(graph, bent, _block.Fc2);
        string scaled2 = Node("Mul", "scaled2", [second, graph.Floats($"{_name}.scale2", _block.Scale2, e)]);
        return Node("Add", "end", [middle, scaled2]);
    }

    /// <summary>z (N, T, E) -> (N, T, A).</summary>
    private string Attention(string z)
    {
        int d = model.HeadWidth, heads = _block.Heads, width = heads * d;
        string qkv = VitOnnx.Linear(graph, z, _block.Qkv);                                                     // (N, T, 3A)
        string split = graph.Int64s($"{_name}.split", width, width, width);
        string[] parts = graph.Node("Split", [$"{_name}.q", $"{_name}.k", $"{_name}.v"], [qkv, split], OnnxAttribute.Int("axis", -1));
        string shape = graph.Int64s($"{_name}.heads", 0, 0, heads, d);
        string q = Heads(parts[0], _block.Q, shape, 0, 2, 1, 3);                                               // (N, h, T, d)
        string k = Heads(parts[1], _block.K, shape, 0, 2, 3, 1);                                               // (N, h, d, T)
        string v = Heads(parts[2], _block.V, shape, 0, 2, 1, 3);                                               // (N, h, T, d)
        string scores = Node("Mul", "scores", [Node("MatMul", "qk", [q, k]), graph.Number(1 / MathF.Sqrt(d))]); // (N, h, T, T)
        string p = VitOnnx.Quantize(graph, Node("Softmax", "softmax", [scores], OnnxAttribute.Int("axis", -1)), _block.P, $"{_name}.p");
        string mixed = Node("MatMul", "mixed", [p, v]);                                                        // (N, h, T, d)
        string together = Node("Transpose", "together", [mixed], OnnxAttribute.Ints("perm", 0, 2, 1, 3));      // (N, T, h, d)
        return Node("Reshape", "attended", [together, graph.Int64s($"{_name}.width", 0, 0, width)]);
    }

    private string Heads(string part, ActivationQuant? quant, string shape, params long[] order)
    {
        string quantised = VitOnnx.Quantize(graph, part, quant, part);
        string split = graph.Node("Reshape", $"{part}.heads", [quantised, shape]);
        return graph.Node("Transpose", $"{part}.ordered", [split], OnnxAttribute.Ints("perm", order));
    }

    private string Norm(string x, LayerNorm norm, string part) => VitOnnx.Norm(graph, x, norm, $"{_name}.{part}", model.Epsilon);

    private string Node(string operation, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        graph.Node(operation, $"{_name}.{output}", inputs, attributes);
}
