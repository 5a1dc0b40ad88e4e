namespace Hone.Export;

/// <summary>
/// Lowers one linear layer. Rows of at most 4 bits stand together as an INT4 initialiser, wider ones as INT8, each with a scale per row and a product of its own; where both occur their results are scattered back into the rows' order. Concat and Gather with the inverse order do that scatter: the places
/// are constants, and ScatterElements would need an index for every element of the result.
/// </summary>
/// <remarks>
/// Weights are Cast and Mul, which every session folds into a constant. DequantizeLinear says the same, but before a product ONNX Runtime 1.31 turns it into
/// MatMulNBits, which quantises the input once more: logits move by 0.01 [measured].
/// </remarks>
internal sealed class LinearOnnx(OnnxGraph graph, QuantizedLinear linear)
{
    /// <summary>Quantised input (.., K) -> (.., M).</summary>
    public string Write(string input)
    {
        int[] narrow = Rows(bits => bits <= 4), wide = Rows(bits => bits > 4);
        string rows = narrow.Length == 0 ? Product(input, wide, "int8") : wide.Length == 0 ? Product(input, narrow, "int4") : Both(input, narrow, wide);
        return graph.Node("Add", $"{linear.Name}.out", [rows, graph.Floats($"{linear.Name}.bias", linear.Bias, linear.M)]);
    }

    private string Both(string input, int[] narrow, int[] wide)
    {
        string parts = graph.Node("Concat", $"{linear.Name}.parts", [Product(input, narrow, "int4"), Product(input, wide, "int8")], OnnxAttribute.Int("axis", -1));
        long[] places = new long[linear.M];   // (M): where each row's result stands among the parts
        for (int i = 0; i < linear.M; i++) places[i < narrow.Length ? narrow[i] : wide[i - narrow.Length]] = i;
        return graph.Node("Gather", $"{linear.Name}.rows", [parts, graph.Int64s($"{linear.Name}.places", places)], OnnxAttribute.Int("axis", -1));
    }

    /// <summary>(.., K) -> (.., rows).</summary>
    private string Product(string input, int[] rows, string kind)
    {
        string name = $"{linear.Name}.{kind}";
        var codes = new sbyte[rows.Length * linear.K];     // (rows, K)
        var scales = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            linear.Codes.AsSpan(rows[i] * linear.K, linear.K).CopyTo(codes.AsSpan(i * linear.K));
            scales[i] = linear.RowScales[rows[i]];
        }
        string stored = kind == "int4" ? graph.Int4s($"{name}.codes", codes, rows.Length, linear.K) : graph.Int8s($"{name}.codes", codes, rows.Length, linear.K);
        string weights = graph.Node("Mul", $"{name}.weights",
            [graph.Node("Cast", $"{name}.numbers", [stored], OnnxAttribute.Int("to", OnnxSchema.DataType.Float)), graph.Floats($"{name}.scales", scales, rows.Length, 1)]);
        string transposed = graph.Node("Transpose", $"{name}.transposed", [weights], OnnxAttribute.Ints("perm", 1, 0));   // (K, rows)
        return graph.Node("MatMul", $"{name}.product", [input, transposed]);
    }

    private int[] Rows(Func<byte, bool> chosen) => [.. Enumerable.Range(0, linear.M).Where(row => chosen(linear.RowBits[row]))];
}
