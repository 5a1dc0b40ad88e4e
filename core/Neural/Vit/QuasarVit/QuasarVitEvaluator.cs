using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// Evaluates subnets with inherited weights, in float32 on integer codes. One caller at a time. The images of the last set are kept as codes.
/// </summary>
public sealed class QuasarVitEvaluator : IDisposable
{
    private const int Portion = 1_000;   // images of a set whose codes are made at once
    private const int Chunk = 100;   // images at once: a chunk's activations stay in the second-level cache
    private readonly QuasarVitModel _model;
    private ImageSet? _images;
    private float[] _codes = [];     // (N, patches, K0)

    private QuasarVitEvaluator(QuasarVitModel model, int threads) => (_model, Threads) = (model, threads);

    /// <summary>Chunks of images that are evaluated at once, a thread each; no result depends on it.</summary>
    public int Threads { get; }

    /// <summary>Of the training that made the weights.</summary>
    public QuasarVitConfig Config => _model.Config;

    /// <summary>The loss of that training.</summary>
    public ValueList<LossPoint> Curve => _model.Curve;

    /// <summary>Opens the final weights of <see cref="QuasarVitTraining.Run"/>.</summary>
    /// <param name="threads">Null: the configuration's.</param>
    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static QuasarVitEvaluator Open(ReadOnlySpan<byte> weights, int? threads = null)
    {
        QuasarVitModel model = QuasarVitModel.Read(weights);
        return new QuasarVitEvaluator(model, threads ?? model.Config.Threads);
    }

    /// <summary>Which images the subnet classifies correctly.</summary>
    public CorrectBits Evaluate(QuasarVitGenome genome, ImageSet images) => CorrectBits.Of(Logits(genome, images), images.Labels, Config.Classes);

    /// <summary>Logits, shape (N, classes) flattened.</summary>
    public float[] Logits(QuasarVitGenome genome, ImageSet images)
    {
        using var subnet = new QuasarVitSubnet(Extract(genome));
        return Logits(images, subnet.Forward);
    }

    private float[] Logits(ImageSet images, Func<Tensor, Tensor> forward)
    {
        NativeLog.ErrorsOnly();
        NativeHeap.KeepFreed();
        if (!ReferenceEquals(_images, images)) (_codes, _images) = (QuasarVitInput.Reader(Config, images).Read(images), images);
        int length = Config.Patches * Config.PatchSize, classes = Config.Classes;
        float[] logits = new float[images.Count * classes];
        Shares.Each(Math.Min(Threads, (images.Count + Chunk - 1) / Chunk), part =>
        {
            using var frozen = no_grad();
            for (int from = part * Chunk; from < images.Count; from += Threads * Chunk)
            {
                using var scope = NewDisposeScope();
                int count = Math.Min(Chunk, images.Count - from);
                Tensor codes = tensor(_codes.AsSpan(from * length, count * length).ToArray()).view(count, Config.Patches, Config.PatchSize); // (B, patches, K0)
                forward(codes).data<float>().ToArray().CopyTo(logits, from * classes);
            }
        });
        return logits;
    }

    /// <summary>The largest net's probabilities, (N, classes) flattened, 0 for images that are not wanted: the soft labels of a fine-tuning.</summary>
    /// <param name="wanted">Numbers of images; see <see cref="QuasarVitTraining.TunedImages"/>.</param>
    public float[] SoftLabels(ImageSet images, ReadOnlySpan<int> wanted)
    {
        float[] soft = new float[images.Count * Config.Classes];
        QuasarVitGenome largest = QuasarVitGenome.Largest(Config);
        for (int from = 0; from < wanted.Length; from += Portion)
        {
            ReadOnlySpan<int> portion = wanted.Slice(from, Math.Min(Portion, wanted.Length - from));
            float[] logits = Logits(largest, images.Select(portion));
            for (int i = 0; i < portion.Length; i++) Softmax(logits.AsSpan(i * Config.Classes, Config.Classes), soft.AsSpan(portion[i] * Config.Classes, Config.Classes));
        }
        return soft;
    }

    /// <summary>
    /// Which images the subnet classifies correctly in float32 without any quantiser of weights or activations: the float net of the same latent weights. Pixels
    /// still come as the 8-bit codes of the input.
    /// </summary>
    public CorrectBits EvaluateFloat(QuasarVitGenome genome, ImageSet images)
    {
        using QuasarVitSupernet net = _model.Supernet();
        net.Quantised = false;
        return CorrectBits.Of(Logits(images, codes => net.Forward(codes, genome, ScalarType.Float32)), images.Labels, Config.Classes);
    }

    /// <summary>The subnet as torch-free arrays: integer codes, scales, bits, norms.</summary>
    public QuasarVitWeights Extract(QuasarVitGenome genome) => _model.Extract(genome);

    private static void Softmax(ReadOnlySpan<float> logits, Span<float> p)
    {
        float highest = float.NegativeInfinity;
        foreach (float l in logits) highest = Math.Max(highest, l);
        float sum = 0;
        for (int c = 0; c < p.Length; c++) sum += p[c] = MathF.Exp(logits[c] - highest);
        for (int c = 0; c < p.Length; c++) p[c] /= sum;
    }

    public void Dispose() => (_codes, _images) = ([], null);
}
