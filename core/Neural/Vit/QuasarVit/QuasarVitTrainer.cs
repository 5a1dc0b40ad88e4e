using System.Security.Cryptography;
using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A training of one subnet alone instead of the supernet.</summary>
/// <param name="Genome">The subnet.</param>
/// <param name="Start">Trained weights to go on from, quantised from the first step on; null: from random weights, as a supernet.</param>
/// <param name="Soft">The teacher's probabilities (N, C), or null: none.</param>
/// <param name="Steps">How long, or null: the configuration's epochs after the teacher's.</param>
internal sealed record QuasarVitAlone(QuasarVitGenome Genome, ReadOnlyMemory<byte>? Start = null, float[]? Soft = null, long? Steps = null);

/// <summary>
/// The state of a training and its one verb, <see cref="Next"/>. Every draw is a function of (seed, stream, step or epoch), so the step is the
/// position of all generators.
/// </summary>
internal sealed class QuasarVitTrainer : ITraining, IDisposable
{
    private const string Format = "quasar-vit checkpoint 4";
    private const int CollectEvery = 16;
    private readonly QuasarVitConfig _config;
    private readonly QuasarVitAlone? _alone;
    private readonly int _shard, _shards;   // which of how many share out the batches
    private readonly ImageSet _train;
    private readonly QuasarVitSchedule _schedule;
    private readonly ImageBatches _batches;
    private readonly QuasarVitLabels _labels;
    private readonly QuasarVitGenome _largest, _smallest;
    private readonly Device _device;
    private readonly QuasarVitParts _parts;
    private readonly float[] _targets;     // (B, C)

    /// <param name="shard">Which of the configuration's shards this is; null: the plain training, without rounds.</param>
    public QuasarVitTrainer(QuasarVitConfig config, ImageSet train, QuasarVitAlone? alone = null, int? shard = null)
    {
        config.Check();
        int count = config.Images == 0 ? train.Count : Math.Min(config.Images, train.Count);
        if (count < config.Batch)
            throw new HoneException($"quasar-vit expected at least one batch of {config.Batch} training images, got {count}: lower training.batch");
        (_config, _train, _alone, Count) = (config, train, alone, count);
        (_shard, _shards) = (shard ?? 0, shard is null ? 1 : config.Rounds!.Shards);
        _batches = new ImageBatches(train, new AllImages(config.Seed, count), config.Batch, new Augmentation(config.Crop, config.Flip), config.Seed, QuasarVitInput.Reader(config, train));
        _schedule = new QuasarVitSchedule(alone is null ? config : config with { TeacherEpochs = 0, FloatShare = alone.Start is null ? config.FloatShare : 0 }, PerEpoch, alone?.Steps, RoundSteps);
        if (shard is not null && Steps < 2 * RoundSteps)
            throw new HoneException($"training.inner_steps: expected at least two rounds in the {Steps} steps of a shard, got rounds of {RoundSteps}: lower inner_steps or shards, or train longer");
        _labels = new QuasarVitLabels(config, train, count);
        alone?.Soft?.CopyTo(_labels.Teacher, 0);
        _targets = new float[config.Batch * config.Classes];
        (_largest, _smallest) = (QuasarVitGenome.Largest(config), QuasarVitGenome.Smallest(config));
        _device = Placed.Find(config.Device);
        Net = new QuasarVitSupernet(config);
        _parts = new QuasarVitParts(Net, config);
        Curve = new LossCurve(_schedule.Steps);
        if (alone?.Start is { } start) Net.Load(ArrayFile.Read(start.Span));
    }

    internal QuasarVitSupernet Net { get; }

    /// <summary>The loss until now.</summary>
    public LossCurve Curve { get; }

    public int Count { get; }

    /// <summary>Images a step.</summary>
    public int Batch => _config.Batch;

    /// <summary>Steps an epoch, of a shard its own.</summary>
    public long PerEpoch => _batches.PerEpoch / _shards;

    /// <summary>Steps a round; 1 in the plain training.</summary>
    private long RoundSteps => _shards == 1 ? 1 : _config.Rounds!.Steps;

    public long Steps => _schedule.Steps;

    /// <summary>Steps made.</summary>
    public long Done { get; private set; }

    /// <summary>What a step does, for people.</summary>
    public string Phase => _alone is not null ? "training one net" : Done < _schedule.TeacherSteps ? "training the teacher" : "training the supernet";

    /// <summary>One step: a batch, its nets, their gradients, the optimiser. Returns the mean loss (cross entropy plus the teacher's).</summary>
    public double Next()
    {
        long step = Done, draw = (step * _shards) + _shard;
        using var scope = NewDisposeScope();
        Net.Quantised = step >= _schedule.QuantisedFrom;
        if (step == _schedule.TeacherSteps && step > 0) AskTeacher();
        ReadOnlySpan<int> images = _batches.Draw(draw);
        Tensor codes = Placed.On(_device, _batches.Values, _config.Batch, _config.Patches, _config.PatchSize); // (B, patches, K0)
        if (_alone?.Start is null && _shards == 1) OrderRows(step, codes);
        QuasarVitGenome[] nets = Nets(step, draw);
        double loss = 0;
        for (int i = 0; i < nets.Length; i++) loss += Learn(images, codes, nets[i], nets.Length, collect: i == 0 && step % CollectEvery == 0) / nets.Length;
        AdamW.Step(Net.Arena, step + 1, step + 1 - _schedule.QuantisedFrom, _schedule.Rate(step), _config.WeightDecay, _config.Beta1, _config.Beta2, _config.ClipNorm);
        Curve.Add(step, loss);
        Done++;
        return loss;
    }

    /// <summary>Before the first step of a round: what plain training does between two steps, on the images of the first shard, so that all shards begin alike.</summary>
    public void Open()
    {
        using var scope = NewDisposeScope();
        Net.Quantised = Done >= _schedule.QuantisedFrom;
        _batches.Draw(Done * _shards);
        OrderRows(Done, Placed.On(_device, _batches.Values, _config.Batch, _config.Patches, _config.PatchSize));
    }

    private void OrderRows(long step, Tensor codes)
    {
        if (!_schedule.OrdersRows(step)) return;
        if (step == _schedule.QuantisedFrom) Net.BeginQuantised(codes, _alone?.Genome ?? _largest);
        else Net.OrderRows();
    }

    /// <summary>The nets of a step; the first of every sixteenth step is the largest, whose inputs are collected.</summary>
    private QuasarVitGenome[] Nets(long step, long draw)
    {
        if (_alone is not null) return [_alone.Genome];
        if (step < _schedule.TeacherSteps) return [_largest];
        var chance = new Chance(_config.Seed, Streams.Sampling, (uint)draw);
        if (_config.Sampling == Sampling.Sandwich)
            return [_largest, _smallest, QuasarVitGenome.Random(_config, chance), QuasarVitGenome.Random(_config, chance)];
        return [(step % 4) switch { 0 => _largest, 2 => _smallest, _ => QuasarVitGenome.Random(_config, chance) }];
    }

    /// <summary>Adds one net's gradient, divided by the number of nets; returns its loss.</summary>
    private double Learn(ReadOnlySpan<int> images, Tensor codes, QuasarVitGenome genome, int nets, bool collect)
    {
        bool teaches = _alone is null && _config.TeacherEpochs == 0 && ReferenceEquals(genome, _largest);
        double constant = _labels.Fill(images, taught: Net.Quantised && !teaches, _targets);
        float[]? soft = teaches ? new float[_targets.Length] : null;           // (B, C)
        double sum = _parts.Learn(codes, _targets, genome, -1.0 / _config.Batch / nets, collect, soft);
        if (soft is not null) _labels.Remember(images, soft);
        return -sum / _config.Batch + constant;
    }

    /// <summary>The float teacher's answers to all training images, uncropped; final.</summary>
    private void AskTeacher()
    {
        int[] images = new int[_config.Batch];
        Net.Quantised = false;
        for (int from = 0; from < Count; from += images.Length)
        {
            using var scope = NewDisposeScope();
            for (int i = 0; i < images.Length; i++) images[i] = Math.Min(from + i, Count - 1);
            _batches.Plain(images);
            _labels.Remember(images, _parts.Ask(Placed.On(_device, _batches.Values, images.Length, _config.Patches, _config.PatchSize), _largest));
        }
        Net.Quantised = Done >= _schedule.QuantisedFrom;
    }

    /// <summary>All that <see cref="Next"/> depends on.</summary>
    public byte[] Checkpoint()
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        file.Add("data", Fingerprint());
        file.Add("step", [(int)Done]);
        if (_shards > 1) file.Add("shard", [_shard, _shards]);
        foreach (var (name, buffer) in Buffers()) file.Add(name, buffer.Numbers());
        file.Add("teacher", _labels.Teacher);
        Curve.Save(file);
        for (int layer = 0; layer < Net.Rows.Squares.Length; layer++)
        {
            file.Add($"order.{layer}", Net.Rows.Order(layer / 4, layer % 4));
            file.Add($"squares.{layer}", Net.Rows.Squares[layer]);
        }
        return file.ToBytes();
    }

    /// <exception cref="HoneException">The checkpoint is damaged, or of another configuration or data set.</exception>
    public void Restore(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        if (file.Get<string>("format") != Format || file.Get<string>("config") != JsonSerializer.Serialize(_config))
            throw new HoneException("the checkpoint belongs to another configuration: expected the same model, training and seed; remove it or restore them");
        if (file.Get<string>("data") != Fingerprint())
            throw new HoneException("the checkpoint belongs to other training images: expected the same data set and split; remove it or restore them");
        if (_shards > 1 && !file.Get<int[]>("shard").SequenceEqual([_shard, _shards]))
            throw new HoneException($"the checkpoint belongs to shard {string.Join(" of ", file.Get<int[]>("shard"))}: expected {_shard} of {_shards}");
        using (NewDisposeScope())
        using (no_grad())
            foreach (var (name, buffer) in Buffers()) buffer.copy_(tensor(file.Get<float[]>(name)));
        file.Get<float[]>("teacher").CopyTo(_labels.Teacher, 0);
        Curve.Load(file);
        for (int layer = 0; layer < Net.Rows.Squares.Length; layer++)
        {
            Net.Rows.SetOrder(layer, file.Get<int[]>($"order.{layer}"));
            file.Get<float[]>($"squares.{layer}").CopyTo(Net.Rows.Squares[layer], 0);
        }
        Done = file.Get<int[]>("step")[0];
    }

    /// <summary>Goes on from what a round begins with: values, the teacher's answers, input statistics and row orders; moments stay this shard's own.</summary>
    public void Take(QuasarVitRoundState begin)
    {
        using (NewDisposeScope())
        using (no_grad())
            Net.Arena.Values.copy_(tensor(begin.Values));
        begin.Teacher.CopyTo(_labels.Teacher, 0);
        for (int layer = 0; layer < Net.Rows.Squares.Length; layer++)
        {
            begin.Squares[layer].CopyTo(Net.Rows.Squares[layer], 0);
            Net.Rows.SetOrder(layer, begin.Orders[layer]);
        }
    }

    /// <summary>What a round begins with where this trainer stands.</summary>
    /// <param name="momentum">(P): the outer optimiser's; null: none yet.</param>
    public QuasarVitRoundState Begin(float[]? momentum) => new(
        Net.Arena.Values.Numbers(), momentum ?? new float[Net.Arena.Values.NumberOfElements], [.. _labels.Teacher], [.. Net.Rows.Squares.Select(s => (float[])s.Clone())],
        [.. Enumerable.Range(0, Net.Rows.Squares.Length).Select(layer => Net.Rows.Order(layer / 4, layer % 4))]);

    /// <summary>The final weights: every parameter by name and the row orders; see <see cref="QuasarVitModel"/>.</summary>
    public byte[] Weights()
    {
        var file = new ArrayFile();
        file.Add("format", QuasarVitModel.Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        Curve.Save(file);
        Net.Save(file);
        return file.ToBytes();
    }

    private (string, Tensor)[] Buffers() =>
        [("values", Net.Arena.Values), ("first", Net.Arena.First), ("second", Net.Arena.Second)];

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_train.Pixels.AsSpan(0, Count * _train.Stride));
        hash.AppendData(_train.Labels.AsSpan(0, Count));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _parts.Dispose();
        Net.Dispose();
    }
}
