namespace Hone.Export;

/// <summary>Writes into a graph under one name: "block3" makes "block3.scores".</summary>
internal sealed class OnnxScope(OnnxGraph graph, string name)
{
    public OnnxGraph Graph => graph;

    public string Name => name;

    public OnnxScope Within(string part) => new(graph, $"{name}.{part}");

    public string Node(string operation, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) => graph.Node(operation, $"{name}.{output}", inputs, attributes);

    public string Floats(string value, float[] data, params long[] shape) => graph.Floats($"{name}.{value}", data, shape);

    public string Reshape(string output, string x, params long[] shape) => Node("Reshape", output, [x, graph.Whole(shape)]);

    public string Transpose(string output, string x, params long[] order) => Node("Transpose", output, [x], OnnxAttribute.Ints("perm", order));

    public string Concat(string output, long axis, params ReadOnlySpan<string> parts) => Node("Concat", output, parts, OnnxAttribute.Int("axis", axis));

    /// <summary>From one place of an axis up to before another; null: to its end.</summary>
    public string Slice(string output, string x, long axis, long from, long? to = null) => Node("Slice", output, [x, graph.Whole(from), graph.Whole(to ?? int.MaxValue), graph.Whole(axis)]);

    /// <summary>The length of an axis, shape (1).</summary>
    public string Length(string output, string x, long axis) => Node("Shape", output, [x], OnnxAttribute.Int("start", axis), OnnxAttribute.Int("end", axis + 1));

    public string To(string output, string x, int type) => Node("Cast", output, [x], OnnxAttribute.Int("to", type));

    /// <summary>The exact one.</summary>
    public string Gelu(string output, string x) => Node("Gelu", output, [x], OnnxAttribute.Text("approximate", "none"));

    /// <summary>A layer norm over the last axis.</summary>
    public string Norm(string x, float[] gain, float[] bias, float epsilon) => Node("LayerNormalization", "out",
        [x, Floats("gamma", gain, gain.Length), Floats("beta", bias, bias.Length)], OnnxAttribute.Int("axis", -1), OnnxAttribute.Float("epsilon", epsilon));

    /// <summary>x + scale * branch, named by the branch's number and by what it makes.</summary>
    public string Residual(string output, string x, string branch, float[] scale, int number) =>
        Node("Add", output, [x, Node("Mul", $"scaled{number}", [branch, Floats($"scale{number}", scale, scale.Length)])]);
}
