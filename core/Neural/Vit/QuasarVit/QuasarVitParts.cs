using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// A supernet's forward and backward pass over the parts of a batch, one thread each (on a GPU the batch is one part). Each part has gradients of its own, added up in their
/// order: which thread does what, and when, changes nothing. A small net's operations are too short to be shared out one by one.
/// </summary>
internal sealed class QuasarVitParts : IDisposable
{
    private readonly QuasarVitConfig _config;
    private readonly QuasarVitSupernet[] _nets;   // the net itself, then its shadows
    private readonly Device _device;
    private readonly ScalarType _type;

    public QuasarVitParts(QuasarVitSupernet net, QuasarVitConfig config)
    {
        (_config, _device) = (config, Placed.Find(config.Device));
        _type = config.Branches.On(_device);
        int parts = _device.type == DeviceType.CPU ? Math.Min(config.Threads, config.Batch) : 1;
        _nets = [net, .. Enumerable.Range(1, parts - 1).Select(_ => net.Shadow())];
    }

    /// <summary>Adds factor times the gradient of sum(targets * log_softmax(logits)) and returns that sum.</summary>
    /// <param name="codes">(B, patches, K0).</param>
    /// <param name="targets">(B, C).</param>
    /// <param name="collect">Also update the input statistics of the rows' scores.</param>
    /// <param name="soft">Gets the probabilities (B, C), where given.</param>
    public double Learn(Tensor codes, float[] targets, QuasarVitGenome genome, double factor, bool collect = false, float[]? soft = null)
    {
        int classes = _config.Classes;
        var sums = new double[_nets.Length];
        foreach (QuasarVitSupernet net in _nets) net.Quantised = _nets[0].Quantised;
        Shares.Each(_nets.Length, part =>
        {
            using var scope = NewDisposeScope();
            var (from, count) = Part(part);
            Tensor logits = _nets[part].Forward(codes.narrow(0, from, count), genome, _type, collect && part == 0); // (count, C)
            if (soft is not null) Remember(logits, soft.AsSpan(from * classes, count * classes));
            Tensor sum = (Placed.On(_device, targets[(from * classes)..((from + count) * classes)], count, classes) * F.log_softmax(logits, -1)).sum();
            sum.Times(factor).backward();
            sums[part] = sum.item<float>();
        });
        foreach (QuasarVitSupernet shadow in _nets.Skip(1)) _nets[0].Arena.Gather(shadow.Arena);
        return sums.Sum();
    }

    /// <summary>Probabilities (B, C) in float32, without gradients.</summary>
    public float[] Ask(Tensor codes, QuasarVitGenome genome)
    {
        float[] soft = new float[_config.Batch * _config.Classes];
        foreach (QuasarVitSupernet net in _nets) net.Quantised = _nets[0].Quantised;
        Shares.Each(_nets.Length, part =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var (from, count) = Part(part);
            Remember(_nets[part].Forward(codes.narrow(0, from, count), genome, ScalarType.Float32), soft.AsSpan(from * _config.Classes, count * _config.Classes));
        });
        return soft;
    }

    private static void Remember(Tensor logits, Span<float> soft)
    {
        using var frozen = no_grad();
        F.softmax(logits, -1).Numbers().CopyTo(soft);
    }

    private (int From, int Count) Part(int part)
    {
        int from = _config.Batch * part / _nets.Length;
        return (from, _config.Batch * (part + 1) / _nets.Length - from);
    }

    public void Dispose()
    {
        foreach (QuasarVitSupernet shadow in _nets.Skip(1)) shadow.Dispose();
    }
}
