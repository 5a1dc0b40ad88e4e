namespace Hone.Export;

/// <summary>Attention of h heads of width d. Letters: N images or windows, T tokens, A = h d.</summary>
/// <param name="scope">The block.</param>
internal sealed class AttentionOnnx(OnnxScope scope, int heads, int d)
{
    /// <summary>The quantiser of q, and so on, of the shares <see cref="P"/>; null leaves a value float.</summary>
    public ActivationQuant? Q { get; init; }

    public ActivationQuant? K { get; init; }

    public ActivationQuant? V { get; init; }

    public ActivationQuant? P { get; init; }

    /// <summary>What becomes of the scores (N, h, T, T) before the softmax; null: nothing.</summary>
    public Func<string, string>? See { get; init; }

    /// <summary>qkv (N, T, 3A) -> what the heads mix, side by side (N, T, A), and their shares (N, h, T, T).</summary>
    public (string Mixed, string Shares) Write(string qkv)
    {
        OnnxGraph graph = scope.Graph;
        int width = heads * d;
        string split = graph.Int64s($"{scope.Name}.split", width, width, width);
        string[] parts = graph.Node("Split", [$"{scope.Name}.q", $"{scope.Name}.k", $"{scope.Name}.v"], [qkv, split], OnnxAttribute.Int("axis", -1));
        string shape = graph.Int64s($"{scope.Name}.heads", 0, 0, heads, d);
        string q = Heads(parts[0], Q, shape, 0, 2, 1, 3);                                                                        // (N, h, T, d)
        string k = Heads(parts[1], K, shape, 0, 2, 3, 1);                                                                        // (N, h, d, T)
        string v = Heads(parts[2], V, shape, 0, 2, 1, 3);                                                                        // (N, h, T, d)
        string scores = scope.Node("Mul", "scores", [scope.Node("MatMul", "qk", [q, k]), graph.Number(1 / MathF.Sqrt(d))]);      // (N, h, T, T)
        string shares = scope.Node("Softmax", "softmax", [See?.Invoke(scores) ?? scores], OnnxAttribute.Int("axis", -1));
        string mixed = scope.Node("MatMul", "mixed", [VitOnnx.Quantize(graph, shares, P, $"{scope.Name}.p"), v]);                // (N, h, T, d)
        string together = scope.Transpose("together", mixed, 0, 2, 1, 3);                                                        // (N, T, h, d)
        return (scope.Node("Reshape", "attended", [together, graph.Int64s($"{scope.Name}.width", 0, 0, width)]), shares);
    }

    private string Heads(string part, ActivationQuant? quant, string shape, params long[] order)
    {
        string quantised = VitOnnx.Quantize(scope.Graph, part, quant, part);
        string split = scope.Graph.Node("Reshape", $"{part}.heads", [quantised, shape]);
        return scope.Graph.Node("Transpose", $"{part}.ordered", [split], OnnxAttribute.Ints("perm", order));
    }
}
