using Hone.Model;

namespace Hone.Export.Bench;

/// <summary>
/// A vision transformer in floats in ONNX Runtime, with random weights: what a network of our own is measured against. Attention is com.microsoft's; written out in products and softmax, as MultiHeadAttention, with an erf
/// for Gelu, with BiasGelu, with SkipLayerNormalization or with Gemm for MatMul and Add no variant was faster than it beyond the spread of the times (a tenth).
/// </summary>
public sealed class OnnxTransformer : OnnxRun
{
    private OnnxTransformer(byte[] model, int threads, float[] x, TransformerShape shape) : base(model, threads, Value(x, 1, shape.Tokens, shape.Inputs), Value(new float[shape.Classes], 1, 1, shape.Classes))
    {
    }

    /// <param name="seed">Of weights and inputs.</param>
    public static OnnxTransformer Of(TransformerShape shape, int threads, ulong seed)
    {
        var chance = new Chance(seed, Streams.Weights);
        return new OnnxTransformer(new Writer(shape, chance).Write(), threads, Draw(chance, shape.Tokens * shape.Inputs, 1), shape);
    }

    // Uniform within a range around a centre.
    private static float[] Draw(Chance chance, int count, float range, float centre = 0)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = centre + range * (2 * (float)chance.NextDouble() - 1);
        return values;
    }

    private sealed class Writer(TransformerShape shape, Chance chance)
    {
        private const string Microsoft = "com.microsoft";
        private readonly OnnxGraph _graph = new("transformer");
        private readonly int _width = shape.Width;

        public byte[] Write()
        {
            string patches = Linear("embed", _graph.Input("x", 1, shape.Tokens, shape.Inputs), shape.Inputs, _width);                       // (1, T, E)
            string x = _graph.Node("Add", "embedded", [patches, _graph.Floats("positions", Draw(chance, shape.Tokens * _width, 1), shape.Tokens, _width)]);
            for (int i = 0; i < shape.Blocks; i++) x = Block($"block{i}", x);
            string first = _graph.Node("Slice", "first", [x, _graph.Int64s("from", 0), _graph.Int64s("to", 1), _graph.Int64s("axis", 1)]);   // (1, 1, E)
            _graph.Node("Identity", "y", [Linear("head", Norm("norm", first), _width, shape.Classes)]);
            _graph.Output("y", 1, 1, shape.Classes);
            return _graph.ToBytes();
        }

        private string Block(string name, string x)
        {
            string[] projections = [Norm($"{name}.norm1", x), Weights($"{name}.qkv.w", _width, 3 * _width), Biases($"{name}.qkv.b", 3 * _width)];
            string attended = _graph.Node(Microsoft, "Attention", [$"{name}.attention"], projections, OnnxAttribute.Int("num_heads", shape.Heads))[0];
            string middle = _graph.Node("Add", $"{name}.middle", [x, Linear($"{name}.proj", attended, _width, _width)]);
            string hidden = Linear($"{name}.fc1", Norm($"{name}.norm2", middle), _width, shape.Hidden);
            string bent = _graph.Node("Gelu", $"{name}.gelu", [hidden], OnnxAttribute.Text("approximate", "none"));
            return _graph.Node("Add", $"{name}.end", [middle, Linear($"{name}.fc2", bent, shape.Hidden, _width)]);
        }

        private string Linear(string name, string x, int inputs, int outputs) =>
            _graph.Node("Add", name, [_graph.Node("MatMul", $"{name}.product", [x, Weights($"{name}.w", inputs, outputs)]), Biases($"{name}.b", outputs)]);

        private string Norm(string name, string x) => _graph.Node("LayerNormalization", name,
            [x, _graph.Floats($"{name}.gain", Draw(chance, _width, 0.1f, centre: 1), _width), Biases($"{name}.bias", _width)], OnnxAttribute.Int("axis", -1), OnnxAttribute.Float("epsilon", 1e-5f));

        // Outputs are as large as inputs.
        private string Weights(string name, int inputs, int outputs) => _graph.Floats(name, Draw(chance, inputs * outputs, MathF.Sqrt(3f / inputs)), inputs, outputs);

        private string Biases(string name, int count) => _graph.Floats(name, Draw(chance, count, 0.1f), count);
    }
}
