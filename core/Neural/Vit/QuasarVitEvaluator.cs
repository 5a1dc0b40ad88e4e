using Hone.Model;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Runs subnets of a trained supernet on images, in float32 on integer codes. Belongs to one thread at a time.</summary>
public sealed class QuasarVitEvaluator : IDisposable
{
    private const int Batch = 250;
    private readonly QuasarVitModel _model;
    private ImageSet? _images;
    private Tensor? _codes;   // (N, patches, K0)

    /// <param name="weights">The final weights that <see cref="QuasarVitTraining.Run"/> gave.</param>
    /// <exception cref="HoneException">Damaged, or of another kind.</exception>
    public QuasarVitEvaluator(ReadOnlySpan<byte> weights) => _model = QuasarVitModel.Read(weights);

    /// <summary>The subnet as plain arrays.</summary>
    public QuasarVitWeights Extract(QuasarVitGenome genome) => _model.Extract(genome);

    /// <summary>Which of the first <paramref name="count"/> images the subnet with inherited weights classifies correctly.</summary>
    public CorrectBits Evaluate(QuasarVitGenome genome, ImageSet images, int count)
    {
        float[] logits = Logits(genome, images, count);
        int classes = _model.Config.Classes;
        bool[] correct = new bool[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(i * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
                if (row[c] > row[best]) best = c;
            correct[i] = best == images.Labels[i];
        }
        return new CorrectBits(correct);
    }

    /// <summary>Logits of the first <paramref name="count"/> images, shape (count, classes).</summary>
    public float[] Logits(QuasarVitGenome genome, ImageSet images, int count)
    {
        set_num_threads(_model.Config.Threads);
        using var scope = NewDisposeScope();
        using var frozen = inference_mode();
        using var subnet = new QuasarVitSubnet(_model.Extract(genome));
        Tensor codes = Codes(images);
        float[] logits = new float[count * _model.Config.Classes];
        for (int first = 0; first < count; first += Batch)
        {
            using var batch = NewDisposeScope();
            int size = Math.Min(Batch, count - first);
            subnet.Forward(codes.narrow(0, first, size)).data<float>().CopyTo(logits.AsSpan(first * _model.Config.Classes));
        }
        return logits;
    }

    public void Dispose() => _codes?.Dispose();

    // Kept from call to call: a search ranks hundreds of subnets on the same images.
    private Tensor Codes(ImageSet images)
    {
        if (ReferenceEquals(images, _images)) return _codes!;
        _codes?.Dispose();
        _codes = tensor(new QuasarVitInput(_model.Config, images).Codes(images)).view(images.Count, _model.Config.Patches, _model.Config.PatchSize).DetachFromDisposeScope();
        _images = images;
        return _codes;
    }
}
