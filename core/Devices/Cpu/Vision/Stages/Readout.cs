using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>The last norm of the class tokens, or the mean of an image's normed tokens where there is none, and the head. Where an image has no tokens left their mean is 0. The workers share the images.</summary>
/// <param name="images">At most.</param>
/// <param name="parts">Workers.</param>
internal sealed unsafe class Readout(VisionNet net, int images, int parts) : Step
{
    private readonly Norm _norm = new(net.Norm, net.Epsilon);
    private readonly Linear _head = new(net.Head);
    private readonly RowBuffer _read = new(RowBuffer.Floats(images, net.Head.K)), _some = new(RowBuffer.Floats(parts * Norms.Together, net.Head.K));
    private VisionBatch _batch = null!;

    /// <param name="logits">[images][classes].</param>
    public long Run(VisionBatch batch, float* logits, Workers workers)
    {
        _batch = batch;
        workers.Run(this);
        _head.Run(_read.As(batch.Images, net.Head.K), new TokenRows((nint)logits, net.Classes), batch.Images, workers);
        return batch.Images * _head.Macs;
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_batch.Images, part, parts);
        int width = net.Head.K;
        TokenRows read = _read.As(_batch.Images, width);
        TokenRows some = _some.As(parts * Norms.Together, width).From(part * Norms.Together);
        for (int image = from; image < to; image++)
        {
            int start = _batch.Start(image), count = _batch.Count(image);
            if (net.ClassToken.Length > 0)
            {
                _norm.Rows(_batch.X.From(start), read.From(image), 1);
                continue;
            }
            new Span<float>(read.Row(image), width).Clear();
            for (int row = 0, end; row < count; row = end)
            {
                end = Math.Min(count, row + Norms.Together);
                _norm.Rows(_batch.X.From(start + row), some, end - row);
                for (int one = row; one < end; one++) Rows.AddTimes(some.Row(one - row), 1f / count, read.Row(image), width);
            }
        }
    }
}
