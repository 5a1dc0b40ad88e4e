using System.Security.Cryptography;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains what a recipe says. A batch is cut into as many parts as the run has threads; their gradients are added in order, so the result depends on the number of parts and on nothing else.
/// Every draw is a function of (seed, stream, step or epoch), so the step is the position of all generators.
/// </summary>
internal sealed class VitTrainer : ITraining, IDisposable
{
    private const string Format = "vit checkpoint 1";
    private readonly VitRun _run;
    private readonly VitShape _shape;
    private readonly ImageSet _train;
    private readonly string _identity;
    private readonly IRecipe[] _parts;   // the recipe, then its shadows
    private readonly ImageBatches _batches;
    private readonly Device _device;

    /// <param name="order">Which images an epoch presents; null: all.</param>
    /// <param name="identity">All that the recipe depends on, as text: a checkpoint of another is refused.</param>
    public VitTrainer(VitShape shape, VitRun run, ImageSet train, IRecipe recipe, string phase, string identity, IImageOrder? order = null)
    {
        run.Check();
        shape.Check(train);
        order ??= new AllImages(run.Seed, train.Count);
        if (order.Count < run.Batch) throw new HoneException($"expected at least one batch of {run.Batch} training images, got {order.Count}: lower training.batch");
        (_shape, _run, _train, _identity, Phase, Steps) = (shape, run, train, identity, phase, run.Steps(order.Count));
        _batches = new ImageBatches(train, order, run.Batch, run.Augmentation, run.Seed, Reader(shape));
        _device = Placed.Find(run.Device);
        int parts = _device.type == DeviceType.CPU ? Math.Min(run.Threads, run.Batch) : 1;
        _parts = [recipe, .. Enumerable.Range(1, parts - 1).Select(_ => recipe.Shadow())];
        Curve = new LossCurve(Steps);
    }

    /// <summary>Reads images for a shape.</summary>
    public static PatchReader Reader(VitShape shape)
    {
        float[] valueOf = new float[256];
        for (int p = 0; p < 256; p++) valueOf[p] = (float)(((p / 255.0) - shape.Mean) / shape.Deviation);
        return new PatchReader(shape.Channels, shape.Side, shape.Tile, valueOf);
    }

    public string Phase { get; }

    public long Done { get; private set; }

    public long Steps { get; }

    public long PerEpoch => _batches.PerEpoch;

    public int Batch => _run.Batch;

    /// <summary>The loss until now.</summary>
    public LossCurve Curve { get; }

    public double Next()
    {
        using var scope = NewDisposeScope();
        int[] images = _batches.Draw(Done).ToArray();
        Tensor patches = Placed.On(_device, _batches.Values, _run.Batch, _shape.Tiles, _shape.TileSize); // (B, N, K0), or whole images
        Tensor targets = Placed.On(_device, Targets(images), _run.Batch, _shape.Classes);
        var losses = new double[_parts.Length];
        if (_parts.Length == 1) Learn(0);
        else Shares.Each(_parts.Length, Learn);
        foreach (IRecipe shadow in _parts.Skip(1))
            for (int i = 0; i < shadow.Arenas.Count; i++) _parts[0].Arenas[i].Gather(shadow.Arenas[i]);
        for (int i = 0; i < _parts[0].Arenas.Count; i++)
            AdamW.Step(_parts[0].Arenas[i], Done + 1, 0, _parts[0].Rate(i, Done), _run.WeightDecay, _run.Beta1, _run.Beta2, _run.ClipNorm);
        Curve.Add(Done, losses.Sum());
        Done++;
        return losses.Sum();

        void Learn(int part)
        {
            using var own = NewDisposeScope();
            int from = _run.Batch * part / _parts.Length, count = (_run.Batch * (part + 1) / _parts.Length) - from;
            Tensor loss = _parts[part].Loss(new Portion(Done, patches.narrow(0, from, count), from, images[from..(from + count)], targets.narrow(0, from, count)));
            Tensor share = loss.Times((double)count / _run.Batch);
            share.backward();
            losses[part] = share.item<float>();
        }
    }

    /// <summary>Smoothed labels, (B, classes).</summary>
    private float[] Targets(int[] images)
    {
        int classes = _shape.Classes;
        float[] targets = new float[images.Length * classes];
        Array.Fill(targets, (float)(_run.Smoothing / classes));
        for (int i = 0; i < images.Length; i++) targets[(i * classes) + _train.Labels[images[i]]] += (float)(1 - _run.Smoothing);
        return targets;
    }

    public byte[] Checkpoint()
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("identity", _identity);
        file.Add("data", Fingerprint());
        file.Add("step", [(int)Done]);
        foreach (var (name, buffer) in Buffers()) file.Add(name, buffer.Numbers());
        Curve.Save(file);
        _parts[0].Save(file);
        return file.ToBytes();
    }

    /// <summary>Whose checkpoint this is.</summary>
    public static string IdentityOf(ReadOnlySpan<byte> checkpoint) => ArrayFile.Read(checkpoint).Get<string>("identity");

    /// <exception cref="HoneException">The checkpoint is damaged, or of another recipe or data set.</exception>
    public void Restore(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        if (file.Get<string>("format") != Format || file.Get<string>("identity") != _identity)
            throw new HoneException("the checkpoint belongs to another configuration: expected the same model, training and seed; remove it or restore them");
        if (file.Get<string>("data") != Fingerprint())
            throw new HoneException("the checkpoint belongs to other training images: expected the same data set and split; remove it or restore them");
        using (NewDisposeScope())
        using (no_grad())
            foreach (var (name, buffer) in Buffers()) buffer.copy_(tensor(file.Get<float[]>(name)));
        Curve.Load(file);
        _parts[0].Load(file);
        Done = file.Get<int[]>("step")[0];
    }

    private IEnumerable<(string, Tensor)> Buffers() => _parts[0].Arenas.SelectMany((arena, i) =>
        new (string, Tensor)[] { ($"{i}.values", arena.Values), ($"{i}.first", arena.First), ($"{i}.second", arena.Second) });

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_train.Pixels);
        hash.AppendData(_train.Labels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (IRecipe shadow in _parts.Skip(1)) shadow.Dispose();
    }
}
