using System.Security.Cryptography;
using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// The state of a supernet's training and its one verb, <see cref="Next"/>. Every draw is a function of (seed, stream, step or epoch), so the step
/// is the position of all generators.
/// </summary>
internal sealed class QuasarVitTrainer : IDisposable
{
    private const string Format = "quasar-vit checkpoint 1";
    private const double OrderEvery = 0.6, OrderSeldom = 0.75;   // shares of the steps: each epoch, then each fifth, then frozen
    private const int CollectEvery = 16;
    private readonly QuasarVitConfig _config;
    private readonly ImageSet _train;
    private readonly QuasarVitInput _input;
    private readonly QuasarVitSupernet _net;
    private readonly QuasarVitGenome _largest, _smallest;
    private readonly float[] _teacher;     // (N, C): the largest net's last probabilities for each image; all 0 until it has seen it
    private readonly float[] _codes;       // (B, patches, K0)
    private readonly float[] _targets;     // (B, C)
    private int[] _order = [];             // (N): this epoch's order of rows
    private long _orderEpoch = -1;

    public QuasarVitTrainer(QuasarVitConfig config, ImageSet train)
    {
        config.Check();
        int count = config.Images == 0 ? train.Count : Math.Min(config.Images, train.Count);
        if (count < config.Batch)
            throw new HoneException($"quasar-vit expected at least one batch of {config.Batch} training images, got {count}: lower training.batch");
        (_config, _train, Count) = (config, train, count);
        _input = new QuasarVitInput(config, train);
        _net = new QuasarVitSupernet(config);
        (_largest, _smallest) = (QuasarVitGenome.Largest(config), QuasarVitGenome.Smallest(config));
        _teacher = new float[count * config.Classes];
        _codes = new float[config.Batch * config.Patches * config.PatchSize];
        _targets = new float[config.Batch * config.Classes];
        PerEpoch = count / config.Batch;
        Steps = PerEpoch * config.Epochs;
    }

    internal QuasarVitSupernet Net => _net;

    public int Count { get; }

    public long PerEpoch { get; }

    public long Steps { get; }

    /// <summary>The first step on which the quantisers act.</summary>
    public long QuantisedFrom => (long)(Steps * _config.FloatShare);

    /// <summary>Steps made.</summary>
    public long Done { get; private set; }

    /// <summary>One step: a batch, a subnet, its gradient, the optimiser. Returns the loss (cross entropy plus the teacher's).</summary>
    public double Next()
    {
        long step = Done, epoch = step / PerEpoch;
        using var scope = NewDisposeScope();
        _net.Quantised = step >= QuantisedFrom;
        if (_net.Quantised && (step == QuantisedFrom || step % PerEpoch == 0)) RefreshOrder(epoch);
        bool teaches = step % 4 == 0;
        QuasarVitGenome genome = (step % 4) switch
        {
            0 => _largest,
            2 => _smallest,
            _ => QuasarVitGenome.Random(_config, new Chance(_config.Seed, Streams.Sampling, (uint)step)),
        };
        ReadOnlySpan<int> rows = Batch(step, epoch);
        Tensor codes = tensor(_codes).view(_config.Batch, _config.Patches, _config.PatchSize); // (B, patches, K0)
        if (step == QuantisedFrom && step > 0) _net.ResetWeightSteps();
        if (step == 0 || step == QuantisedFrom) _net.Calibrate(codes);
        Tensor logits = _net.Forward(codes, genome, _config.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, step % CollectEvery == 0); // (B, C); statistics from the float phase on
        if (teaches) Remember(rows, logits);
        double constant = Targets(rows, teaches);
        Tensor loss = (tensor(_targets).view(_config.Batch, _config.Classes) * F.log_softmax(logits, -1)).sum() / -_config.Batch;
        loss.backward();
        double rate = AdamW.Rate(step, Steps, (long)(_config.WarmUpEpochs * PerEpoch), _config.PeakRate, _config.FinalRate);
        AdamW.Step(_net.Arena, step + 1, rate, _config.WeightDecay, _config.Beta1, _config.Beta2, _config.ClipNorm);
        Done++;
        return loss.item<float>() + constant;
    }

    /// <summary>Writes the batch's codes and returns its image numbers.</summary>
    private ReadOnlySpan<int> Batch(long step, long epoch)
    {
        if (_orderEpoch != epoch) (_order, _orderEpoch) = (new Chance(_config.Seed, Streams.Order, (uint)epoch).Permutation(Count), epoch);
        ReadOnlySpan<int> rows = _order.AsSpan((int)(step % PerEpoch) * _config.Batch, _config.Batch);
        var chance = new Chance(_config.Seed, Streams.Augmentation, (uint)step);
        int length = _config.Patches * _config.PatchSize, crop = _config.Crop;
        for (int i = 0; i < rows.Length; i++)
        {
            int dx = chance.Next(2 * crop + 1) - crop, dy = chance.Next(2 * crop + 1) - crop;
            bool mirror = _config.Flip && chance.Happens(0.5);
            _input.Write(_train.Pixels.AsSpan(rows[i] * _train.Stride, _train.Stride), _codes.AsSpan(i * length, length), dx, dy, mirror);
        }
        return rows;
    }

    /// <summary>Keeps the largest net's probabilities as the soft labels of these images.</summary>
    private void Remember(ReadOnlySpan<int> rows, Tensor logits)
    {
        using var frozen = no_grad();
        ReadOnlySpan<float> p = F.softmax(logits, -1).data<float>().ToArray(); // (B, C)
        int c = _config.Classes;
        for (int i = 0; i < rows.Length; i++) p.Slice(i * c, c).CopyTo(_teacher.AsSpan(rows[i] * c, c));
    }

    /// <summary>
    /// CE + w KL(p_T || p_S) = -sum (y + w p_T) log p_S + w sum p_T log p_T: fills y + w p_T (B, C) and returns the mean of the last term, which no
    /// gradient sees. y is the smoothed label.
    /// </summary>
    private double Targets(ReadOnlySpan<int> rows, bool teaches)
    {
        int classes = _config.Classes;
        double constant = 0, smooth = _config.LabelSmoothing, weight = _config.Distillation;
        for (int i = 0; i < rows.Length; i++)
            for (int c = 0; c < classes; c++)
            {
                double target = smooth / classes + (_train.Labels[rows[i]] == c ? 1 - smooth : 0), p = _teacher[rows[i] * classes + c];
                if (!teaches && p > 0)
                {
                    target += weight * p;
                    constant += weight * p * Math.Log(p);
                }
                _targets[i * classes + c] = (float)target;
            }
        return constant / rows.Length;
    }

    // By the spec's schedule within the quantised phase; and once at its beginning, if trained weights are there to be judged.
    private void RefreshOrder(long epoch)
    {
        double done = (double)(Done - QuantisedFrom) / (Steps - QuantisedFrom);
        if (Done > 0 && (done < OrderEvery || (done < OrderSeldom && epoch % 5 == 0))) _net.Rows.Refresh(name => _net.Arena[name].data<float>().ToArray());
    }

    /// <summary>All that <see cref="Next"/> depends on.</summary>
    public byte[] Checkpoint()
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        file.Add("data", Fingerprint());
        file.Add("step", [(int)Done]);
        foreach (var (name, buffer) in Buffers()) file.Add(name, buffer.data<float>().ToArray());
        file.Add("teacher", _teacher);
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++)
        {
            file.Add($"order.{layer}", _net.Rows.Order(layer / 4, layer % 4));
            file.Add($"squares.{layer}", _net.Rows.Squares[layer]);
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
        using (NewDisposeScope())
        using (no_grad())
            foreach (var (name, buffer) in Buffers()) buffer.copy_(tensor(file.Get<float[]>(name)));
        file.Get<float[]>("teacher").CopyTo(_teacher, 0);
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++)
        {
            _net.Rows.SetOrder(layer, file.Get<int[]>($"order.{layer}"));
            file.Get<float[]>($"squares.{layer}").CopyTo(_net.Rows.Squares[layer], 0);
        }
        Done = file.Get<int[]>("step")[0];
    }

    /// <summary>The final weights: every parameter by name and the row orders; see <see cref="QuasarVitModel"/>.</summary>
    public byte[] Weights()
    {
        var file = new ArrayFile();
        file.Add("format", QuasarVitModel.Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        foreach (string name in _net.Arena.Names) file.Add(name, _net.Arena[name].data<float>().ToArray());
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++) file.Add($"order.{layer}", _net.Rows.Order(layer / 4, layer % 4));
        return file.ToBytes();
    }

    private (string, Tensor)[] Buffers() =>
        [("values", _net.Arena.Values), ("first", _net.Arena.First), ("second", _net.Arena.Second)];

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_train.Pixels.AsSpan(0, Count * _train.Stride));
        hash.AppendData(_train.Labels.AsSpan(0, Count));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _net.Dispose();
}
