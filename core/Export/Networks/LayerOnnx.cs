using Hone.Model;

namespace Hone.Export;

/// <summary>Lowers single layers in floats; the values bear the layer's own name.</summary>
internal static class LayerOnnx
{
    /// <summary>The score of what is not seen; finite, so that a row that sees nothing at all stays a number. Its share is exactly 0 beside anything seen.</summary>
    public const float Unseen = -1e30f;

    /// <summary>x (.., K) -> (.., M).</summary>
    public static string Linear(OnnxGraph graph, string x, LinearLayer layer)
    {
        float[] transposed = new float[layer.Weights.Length];                  // (K, M)
        for (int i = 0; i < transposed.Length; i++) transposed[i] = layer.Weights[(i % layer.M * layer.K) + (i / layer.M)];
        var scope = new OnnxScope(graph, layer.Name);
        string product = scope.Node("MatMul", "product", [x, scope.Floats("weights", transposed, layer.K, layer.M)]);
        return scope.Node("Add", "out", [product, scope.Floats("bias", layer.Bias, layer.M)]);
    }

    /// <summary>x (N, inputs, side, side) -> (N, M, out, out).</summary>
    public static string Conv(OnnxGraph graph, string x, ConvLayer conv)
    {
        var scope = new OnnxScope(graph, conv.Name);
        string weights = scope.Floats("weights", conv.Weights, conv.M, conv.Inputs / conv.Groups, conv.Kernel, conv.Kernel);
        string y = scope.Node("Conv", "out", [x, weights, scope.Floats("bias", conv.Bias, conv.M)], [.. Field(conv), OnnxAttribute.Int("group", conv.Groups)]);
        return conv.Relu ? scope.Node("Relu", "relu", [y]) : y;
    }

    /// <summary>Where a convolution looks.</summary>
    public static OnnxAttribute[] Field(ConvLayer conv) =>
    [
        OnnxAttribute.Ints("kernel_shape", conv.Kernel, conv.Kernel), OnnxAttribute.Ints("strides", conv.Stride, conv.Stride),
        OnnxAttribute.Ints("pads", conv.Padding, conv.Padding, conv.Padding, conv.Padding),
    ];

    /// <summary>The mean of tokens (N, n, C), shape (N, 1, C); zeros where there are none.</summary>
    public static string Mean(OnnxScope scope, string x)
    {
        string count = scope.Length("number", x, 1);                           // (1)
        string ones = scope.Node("Expand", "ones", [scope.Graph.Number(1), scope.Concat("ones_shape", 0, scope.Graph.Whole(1, 1), count)]);
        string some = scope.To("some", scope.Node("Max", "number_or_one", [count, scope.Graph.Whole(1)]), OnnxSchema.DataType.Float);
        return scope.Node("Div", "mean", [scope.Node("MatMul", "sum", [ones, x]), some]);
    }

    public static string Norm(OnnxScope scope, string x, NormLayer norm, float epsilon) => scope.Norm(x, norm.Gain, norm.Bias, epsilon);
}
