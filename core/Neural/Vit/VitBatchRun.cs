using System.Collections.Concurrent;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Inference over image sets in float32, chunks of images a thread each; no result depends on the threads. The numbers of the sets seen are kept.</summary>
internal sealed class VitBatchRun(VitShape shape, int threads)
{
    private const int Chunk = 100;   // images at once: a chunk's activations stay in the second-level cache
    private readonly ConcurrentDictionary<ImageSet, float[]> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>Calls <paramref name="forward"/> with patches (b, N, K0), or whole images (b, 1, numbers) where the stem convolves, and where they begin in the set; it answers logits (b, classes).</summary>
    /// <returns>Logits (N, classes) flattened.</returns>
    public float[] Logits(ImageSet images, Func<Tensor, int, Tensor> forward)
    {
        float[] logits = new float[images.Count * shape.Classes];
        Each(images, (patches, from) => forward(patches, from).Numbers().CopyTo(logits, from * shape.Classes));
        return logits;
    }

    /// <summary>Calls <paramref name="work"/> with chunks of the images, as the stem reads them, and where they begin in the set; without gradients.</summary>
    public void Each(ImageSet images, Action<Tensor, int> work)
    {
        TrainingRun.Begin();
        Shares.Each(Math.Min(threads, (images.Count + Chunk - 1) / Chunk), part =>
        {
            using var frozen = no_grad();
            for (int from = part * Chunk; from < images.Count; from += threads * Chunk)
            {
                using var scope = NewDisposeScope();
                work(Read(images, from, Math.Min(Chunk, images.Count - from)), from);
            }
        });
    }

    /// <summary>Some images as the stem reads them, (count, tiles, numbers of a tile).</summary>
    public Tensor Read(ImageSet images, int from, int count)
    {
        float[] all = _read.GetOrAdd(images, set =>
        {
            shape.Check(set);
            return VitTrainer.Reader(shape).Read(set);
        });
        int length = shape.Tiles * shape.TileSize;
        return tensor(all.AsSpan(from * length, count * length).ToArray()).view(count, shape.Tiles, shape.TileSize);
    }
}
