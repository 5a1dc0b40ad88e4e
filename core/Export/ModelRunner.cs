using Hone.Model;
using Microsoft.ML.OnnxRuntime;

namespace Hone.Export;

/// <summary>
/// Runs an exported image classifier with ONNX Runtime on the processor: input float (N, C, H, W) of raw pixel values 0..255,
/// output float (N, classes). A network whose N is fixed at 1 answers one image after the other. Nothing of a training framework takes part.
/// </summary>
public sealed class ModelRunner : IDisposable
{
    private const int MaxBatch = 64;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string _input, _output;
    private readonly int[] _shape;   // (N, C, H, W), N below 0 where it is free
    private readonly int _batch;

    /// <param name="model">The bytes of the .onnx file.</param>
    /// <param name="threads">Threads of ONNX Runtime within an operator.</param>
    /// <exception cref="HoneException">ONNX Runtime refuses the model, or it is no image classifier.</exception>
    public ModelRunner(ReadOnlySpan<byte> model, int threads = 1)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try { _session = new InferenceSession(model.ToArray(), options); }
        catch (OnnxRuntimeException error) { throw Refused(error); }
        if (_session.InputMetadata.Count != 1 || _session.OutputMetadata.Count != 1
            || _session.InputMetadata.Single() is not { Value: { Dimensions: [<= 1, _, _, _] } input } || input.ElementType != typeof(float)
            || _session.OutputMetadata.Single() is not { Value: { Dimensions: [_, > 0] } output } || output.ElementType != typeof(float))
        {
            _session.Dispose();
            throw new HoneException("the ONNX model is no image classifier: expected one float input (N, C, H, W) with N free or 1, and one float output (N, classes)");
        }
        _batch = input.Dimensions[0] == 1 ? 1 : MaxBatch;
        (_input, _output, _shape, Classes) = (_session.InputMetadata.Keys.Single(), _session.OutputMetadata.Keys.Single(), input.Dimensions, output.Dimensions[1]);
    }

    public int Classes { get; }

    /// <summary>Reads a file and opens it.</summary>
    /// <exception cref="HoneException">The file cannot be read, or is not a model that runs.</exception>
    public static ModelRunner Open(string path, int threads = 1)
    {
        byte[] bytes;
        try { bytes = File.ReadAllBytes(path); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new HoneException($"cannot read {path}: {error.Message}", error); }
        return new ModelRunner(bytes, threads);
    }

    /// <summary>The logits of all images; shape (N, Classes).</summary>
    /// <exception cref="HoneException">The images do not have the model's shape.</exception>
    public float[] Logits(ImageSet images, CancellationToken stop = default)
    {
        if (images.Channels != _shape[1] || images.Height != _shape[2] || images.Width != _shape[3])
            throw new HoneException($"the model reads images of {_shape[1]}x{_shape[2]}x{_shape[3]} (channels, height, width), got {images.Channels}x{images.Height}x{images.Width}");
        float[] logits = new float[images.Count * Classes], pixels = new float[_batch * images.Stride];
        for (int first = 0; first < images.Count; first += _batch)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(_batch, images.Count - first);
            for (int i = 0; i < count * images.Stride; i++) pixels[i] = images.Pixels[first * images.Stride + i];
            Run(pixels.AsMemory(0, count * images.Stride), [count, images.Channels, images.Height, images.Width], logits.AsSpan(first * Classes, count * Classes));
        }
        return logits;
    }

    /// <summary>How many images are put into their class.</summary>
    public static int Correct(ReadOnlySpan<float> logits, ReadOnlySpan<byte> labels, int classes)
    {
        int correct = 0;
        for (int n = 0; n < labels.Length; n++)
            if (Best(logits.Slice(n * classes, classes)) == labels[n]) correct++;
        return correct;
    }

    /// <summary>The index of the largest value; the first of equals.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private void Run(Memory<float> pixels, long[] shape, Span<float> logits)
    {
        try
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_options, [_input], [input], [_output]);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(logits);
        }
        catch (OnnxRuntimeException error) { throw Refused(error); }
    }

    private static HoneException Refused(OnnxRuntimeException error) =>
        new($"ONNX Runtime refuses the model: {error.Message.ReplaceLineEndings(" ").Trim()}; export it again", error);
}
