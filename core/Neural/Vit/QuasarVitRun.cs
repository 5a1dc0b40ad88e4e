using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>One training in progress: everything that the next step depends on is in a checkpoint or a function of the step number.</summary>
internal sealed class QuasarVitRun : IDisposable
{
    private const string Format = "quasar-vit checkpoint 1";
    private const int CollectEvery = 16;
    private readonly QuasarVitConfig _config;
    private readonly ImageSet _train;
    private readonly QuasarVitInput _input;
    private readonly QuasarVitSupernet _net;
    private readonly float[] _taught;           // (N, C): the largest net's latest soft labels; negative: none yet
    private readonly float[] _codes, _targets;  // (B, patches, K0), (B, C)
    private readonly int _perEpoch;
    private int[] _order = [];
    private int _orderOf = -1;
    private double _loss;

    public QuasarVitRun(QuasarVitConfig config, ImageSet train)
    {
        config.Check();
        if (train.Count < config.Batch) throw new HoneException($"expected at least one batch of {config.Batch} training images, got {train.Count}");
        (_config, _train, _input, _net) = (config, train, new QuasarVitInput(config, train), new QuasarVitSupernet(config));
        _perEpoch = train.Count / config.Batch;
        Steps = (long)config.Epochs * _perEpoch;
        _taught = ParameterArena.Filled(train.Count * config.Classes, -1);
        _codes = new float[config.Batch * config.Patches * config.PatchSize];
        _targets = new float[config.Batch * config.Classes];
    }

    /// <summary>Steps done, and in all.</summary>
    public long Step { get; private set; }

    public long Steps { get; }

    public int Epoch => (int)(Step / _perEpoch);

    private long QuantisedFrom => (long)(Steps * _config.FloatShare);

    private bool IsTeacher => Step % 4 == 0;

    /// <summary>One step; the smoothed loss.</summary>
    public double Next()
    {
        using var scope = NewDisposeScope();
        int first = (int)(Step % _perEpoch) * _config.Batch;
        if (_orderOf != Epoch) (_order, _orderOf) = (new Chance(_config.Seed, Streams.Order, (uint)Epoch).Permutation(_train.Count), Epoch);
        Fill(first);
        Tensor codes = tensor(_codes).view(_config.Batch, _config.Patches, _config.PatchSize);   // (B, patches, K0)
        _net.Quantised = Step >= QuantisedFrom;
        if (Step == QuantisedFrom) _net.ResetWeightSteps();
        if (Step == QuantisedFrom || Step == 0) _net.Calibrate(codes);
        if (RefreshDue()) _net.Rows.Refresh(name => _net.Arena[name].data<float>().ToArray());
        Tensor logits = _net.Forward(codes, Genome(), _config.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
            collect: _net.Quantised && Step % CollectEvery == 0);
        Tensor logs = F.log_softmax(logits, -1);                                // (B, C)
        if (IsTeacher) Remember(first, logs);
        Tensor loss = -(tensor(Targets(first)).view(_config.Batch, _config.Classes) * logs).sum() / _config.Batch;
        loss.backward();
        double now = loss.item<float>();
        _loss = Step == 0 ? now : 0.98 * _loss + 0.02 * now;
        AdamW.Step(_net.Arena, Step + 1, AdamW.Rate(Step, Steps, (long)(_config.WarmUpEpochs * _perEpoch), _config.PeakRate, _config.FinalRate),
            _config.WeightDecay, _config.Beta1, _config.Beta2, _config.ClipNorm);
        Step++;
        return _loss;
    }

    /// <summary>The final weights, as <see cref="QuasarVitModel"/> reads them.</summary>
    public byte[] Weights()
    {
        var file = new ArrayFile();
        file.Add("format", QuasarVitModel.Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        foreach (string name in _net.Arena.Names) file.Add(name, _net.Arena[name].data<float>().ToArray());
        AddOrders(file);
        return file.ToBytes();
    }

    public void Save(Stream stream)
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        file.Add("config", JsonSerializer.Serialize(_config));
        file.Add("step", [(int)Step]);
        file.Add("loss", [(float)_loss]);
        file.Add("values", _net.Arena.Values.data<float>().ToArray());
        file.Add("first", _net.Arena.First.data<float>().ToArray());
        file.Add("second", _net.Arena.Second.data<float>().ToArray());
        file.Add("taught", _taught);
        AddOrders(file);
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++) file.Add($"squares.{layer}", _net.Rows.Squares[layer]);
        stream.Write(file.ToBytes());
    }

    public void Load(Stream stream)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        ArrayFile file = ArrayFile.Read(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        if (file.Get<string>("format") != Format) throw new HoneException($"expected '{Format}', got '{file.Get<string>("format")}': this is no checkpoint of a supernet");
        if (file.Get<string>("config") != JsonSerializer.Serialize(_config))
            throw new HoneException("the checkpoint belongs to another configuration; train anew or give the configuration that began it");
        (Step, _loss) = (file.Get<int[]>("step")[0], file.Get<float[]>("loss")[0]);
        _net.Arena.Values.copy_(tensor(file.Get<float[]>("values")));
        _net.Arena.First.copy_(tensor(file.Get<float[]>("first")));
        _net.Arena.Second.copy_(tensor(file.Get<float[]>("second")));
        file.Get<float[]>("taught").CopyTo(_taught, 0);
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++)
        {
            _net.Rows.SetOrder(layer, file.Get<int[]>($"order.{layer}"));
            file.Get<float[]>($"squares.{layer}").CopyTo(_net.Rows.Squares[layer], 0);
        }
    }

    public void Dispose() => _net.Dispose();

    private void AddOrders(ArrayFile file)
    {
        for (int layer = 0; layer < _net.Rows.Squares.Length; layer++) file.Add($"order.{layer}", _net.Rows.Order(layer / 4, layer % 4));
    }

    // Every epoch in the first 60 % of the quantised steps, every fifth until 75 %, then frozen; and once before them all.
    private bool RefreshDue()
    {
        if (Step < QuantisedFrom || (Step != QuantisedFrom && Step % _perEpoch != 0)) return false;
        double done = (double)(Step - QuantisedFrom) / Math.Max(1, Steps - QuantisedFrom);
        return Step > 0 && (done < 0.6 || (done < 0.75 && Epoch % 5 == 0));
    }

    private QuasarVitGenome Genome() => (Step % 4) switch
    {
        0 => QuasarVitGenome.Largest(_config),
        2 => QuasarVitGenome.Smallest(_config),
        _ => QuasarVitGenome.Random(_config, new Chance(_config.Seed, Streams.Sampling, (uint)Step)),
    };

    private void Fill(int first)
    {
        var chance = new Chance(_config.Seed, Streams.Augmentation, (uint)Step);
        int length = _config.Patches * _config.PatchSize;
        for (int i = 0; i < _config.Batch; i++)
        {
            int dx = chance.Next(2 * _config.Crop + 1) - _config.Crop, dy = chance.Next(2 * _config.Crop + 1) - _config.Crop;
            bool mirror = _config.Flip && chance.Happens(0.5);
            _input.Write(_train.Pixels.AsSpan(_order[first + i] * _train.Stride, _train.Stride), _codes.AsSpan(i * length, length), dx, dy, mirror);
        }
    }

    private void Remember(int first, Tensor logs)
    {
        using var frozen = no_grad();
        float[] soft = logs.exp().data<float>().ToArray();                      // (B, C)
        for (int i = 0; i < _config.Batch; i++)
            soft.AsSpan(i * _config.Classes, _config.Classes).CopyTo(_taught.AsSpan(_order[first + i] * _config.Classes));
    }

    // CE with smoothing, plus Distillation * KL where the teacher has seen the image: both are linear in the log-probabilities. Shape (B, C).
    private float[] Targets(int first)
    {
        int classes = _config.Classes;
        for (int i = 0; i < _config.Batch; i++)
        {
            int image = _order[first + i];
            bool taught = !IsTeacher && _taught[image * classes] >= 0;
            for (int c = 0; c < classes; c++)
            {
                double y = (_train.Labels[image] == c ? 1 - _config.LabelSmoothing : 0) + _config.LabelSmoothing / classes;
                _targets[i * classes + c] = (float)(taught ? y + _config.Distillation * _taught[image * classes + c] : y);
            }
        }
        return _targets;
    }
}
