using Microsoft.ML.OnnxRuntime;

namespace Hone.Export.Bench;

/// <summary>One matrix product in ONNX Runtime: what kernels of our own are measured against.</summary>
public sealed class OnnxProduct : OnnxRun
{
    private OnnxProduct(byte[] model, int threads, OrtValue x, OrtValue y) : base(model, threads, x, y)
    {
    }

    /// <summary>MatMul in floats.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[K][N].</param>
    /// <param name="y">[M][N], which <see cref="OnnxRun.Run"/> fills.</param>
    public static OnnxProduct Floats(float[] x, float[] w, float[] y, int rows, int inputs, int outputs, int threads)
    {
        var graph = new OnnxGraph("product");
        graph.Input("x", rows, inputs);
        graph.Node("MatMul", "y", ["x", graph.Floats("w", w, inputs, outputs)]);
        graph.Output("y", rows, outputs);
        return new OnnxProduct(graph.ToBytes(), threads, Value(x, rows, inputs), Value(y, rows, outputs));
    }

    /// <summary>MatMulInteger: unsigned bytes times signed ones, sums of 32 bits and nothing behind.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[K][N].</param>
    /// <param name="y">[M][N], which <see cref="OnnxRun.Run"/> fills.</param>
    public static OnnxProduct Bytes(byte[] x, sbyte[] w, int[] y, int rows, int inputs, int outputs, int threads)
    {
        var graph = new OnnxGraph("product");
        graph.UInt8Input("x", rows, inputs);
        graph.Node("MatMulInteger", "y", ["x", graph.Int8s("w", w, inputs, outputs)]);
        graph.Int32Output("y", rows, outputs);
        return new OnnxProduct(graph.ToBytes(), threads, Value(x, rows, inputs), Value(y, rows, outputs));
    }

    /// <summary>MatMulNBits: floats times 4-bit weights in blocks of 32 inputs with a scale each.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[N][K], from -8 to 7; K a multiple of 32.</param>
    /// <param name="scales">[N], for every block of an output.</param>
    /// <param name="y">[M][N], which <see cref="OnnxRun.Run"/> fills.</param>
    /// <param name="accuracy">ONNX Runtime's level: 0 as it likes, 4 with inputs rounded to 8 bits.</param>
    public static OnnxProduct Nibbles(float[] x, sbyte[] w, float[] scales, float[] y, int rows, int inputs, int outputs, int threads, int accuracy)
    {
        const int block = 32, zero = 8;
        int blocks = inputs / block;
        byte[] packed = new byte[outputs * inputs / 2];
        float[] each = new float[outputs * blocks];
        for (int i = 0; i < w.Length; i++) packed[i / 2] |= (byte)(w[i] + zero << 4 * (i % 2));
        for (int n = 0; n < outputs; n++) Array.Fill(each, scales[n], n * blocks, blocks);
        var graph = new OnnxGraph("product");
        graph.Input("x", rows, inputs);
        graph.Node("com.microsoft", "MatMulNBits", ["y"], ["x", graph.UInt8s("w", packed, outputs, blocks, block / 2), graph.Floats("scales", each, outputs * blocks)],
            OnnxAttribute.Int("K", inputs), OnnxAttribute.Int("N", outputs), OnnxAttribute.Int("bits", 4), OnnxAttribute.Int("block_size", block), OnnxAttribute.Int("accuracy_level", accuracy));
        graph.Output("y", rows, outputs);
        return new OnnxProduct(graph.ToBytes(), threads, Value(x, rows, inputs), Value(y, rows, outputs));
    }

    private static OrtValue Value<T>(T[] data, int rows, int columns) where T : unmanaged => Value(data, [rows, columns]);
}
