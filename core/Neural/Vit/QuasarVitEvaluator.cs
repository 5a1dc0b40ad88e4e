using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// Evaluates subnets with inherited weights, in float32 on integer codes. One caller at a time. The images of the last set are kept as codes.
/// </summary>
public sealed class QuasarVitEvaluator : IDisposable
{
    private const int Chunk = 100;   // images at once: a chunk's activations stay in the second-level cache
    private readonly QuasarVitModel _model;
    private ImageSet? _images;
    private float[] _codes = [];     // (N, patches, K0)

    private QuasarVitEvaluator(QuasarVitModel model, int threads) => (_model, Threads) = (model, threads);

    /// <summary>OpenMP threads of torch.</summary>
    public int Threads { get; }

    public QuasarVitConfig Config => _model.Config;

    /// <summary>What the answers' last bits depend on.</summary>
    public string NumericsClass => Numerics.Class(Threads);

    /// <summary>Opens the final weights of <see cref="QuasarVitTraining.Run"/>.</summary>
    /// <param name="threads">Null: the configuration's.</param>
    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static QuasarVitEvaluator Open(ReadOnlySpan<byte> weights, int? threads = null)
    {
        QuasarVitModel model = QuasarVitModel.Read(weights);
        return new QuasarVitEvaluator(model, threads ?? model.Config.Threads);
    }

    /// <summary>Which images the subnet classifies correctly.</summary>
    public CorrectBits Evaluate(QuasarVitGenome genome, ImageSet images)
    {
        float[] logits = Logits(genome, images);
        int classes = Config.Classes;
        bool[] correct = new bool[images.Count];
        for (int i = 0; i < correct.Length; i++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(i * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
                if (row[c] > row[best]) best = c;
            correct[i] = best == images.Labels[i];
        }
        return new CorrectBits(correct);
    }

    /// <summary>Logits, shape (N, classes) flattened.</summary>
    public float[] Logits(QuasarVitGenome genome, ImageSet images)
    {
        NativeLog.ErrorsOnly();
        NativeHeap.KeepFreed();
        torch.set_num_threads(Threads);
        if (!ReferenceEquals(_images, images)) (_codes, _images) = (new QuasarVitInput(Config, images).Codes(images), images);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var subnet = new QuasarVitSubnet(Extract(genome));
        int length = Config.Patches * Config.PatchSize, classes = Config.Classes;
        float[] logits = new float[images.Count * classes];
        for (int from = 0; from < images.Count; from += Chunk)
        {
            using var part = NewDisposeScope();
            int count = Math.Min(Chunk, images.Count - from);
            Tensor codes = tensor(_codes.AsSpan(from * length, count * length).ToArray()).view(count, Config.Patches, Config.PatchSize); // (B, patches, K0)
            subnet.Forward(codes).data<float>().ToArray().CopyTo(logits, from * classes);
        }
        return logits;
    }

    /// <summary>The subnet as torch-free arrays: integer codes, scales, bits, norms.</summary>
    public QuasarVitWeights Extract(QuasarVitGenome genome) => _model.Extract(genome);

    public void Dispose() => (_codes, _images) = ([], null);
}
