using Microsoft.ML.OnnxRuntime;

namespace Hone.Export.Bench;

/// <summary>One matrix product in ONNX Runtime, on buffers made once: what kernels of our own are measured against.</summary>
public sealed class OnnxProduct : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs, _outputs;
    private readonly OrtValue[] _from, _to;

    private OnnxProduct(byte[] model, int threads, OrtValue x, OrtValue y)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        _session = new InferenceSession(model, options);
        (_inputs, _outputs, _from, _to) = (["x"], ["y"], [x], [y]);
    }

    /// <summary>MatMul in floats.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[K][N].</param>
    /// <param name="y">[M][N], which <see cref="Run"/> fills.</param>
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
    /// <param name="y">[M][N], which <see cref="Run"/> fills.</param>
    public static OnnxProduct Bytes(byte[] x, sbyte[] w, int[] y, int rows, int inputs, int outputs, int threads)
    {
        var graph = new OnnxGraph("product");
        graph.UInt8Input("x", rows, inputs);
        graph.Node("MatMulInteger", "y", ["x", graph.Int8s("w", w, inputs, outputs)]);
        graph.Int32Output("y", rows, outputs);
        return new OnnxProduct(graph.ToBytes(), threads, Value(x, rows, inputs), Value(y, rows, outputs));
    }

    public void Run() => _session.Run(_options, _inputs, _from, _outputs, _to);

    public void Dispose()
    {
        foreach (OrtValue value in _from.Concat(_to)) value.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    private static OrtValue Value<T>(T[] data, int rows, int columns) where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(), [rows, columns]);
}
