using Microsoft.ML.OnnxRuntime;

namespace Hone.Export.Bench;

/// <summary>A model of one input "x" and one output "y" in ONNX Runtime, with all its optimisations, on buffers made once.</summary>
public abstract class OnnxRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs = ["x"], _outputs = ["y"];
    private readonly OrtValue[] _from, _to;

    private protected OnnxRun(byte[] model, int threads, OrtValue x, OrtValue y)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        _session = new InferenceSession(model, options);
        (_from, _to) = ([x], [y]);
    }

    public void Run() => _session.Run(_options, _inputs, _from, _outputs, _to);

    public void Dispose()
    {
        foreach (OrtValue value in _from.Concat(_to)) value.Dispose();
        _options.Dispose();
        _session.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static OrtValue Value<T>(T[] data, params long[] shape) where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(), shape);
}
