using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Runtime.Selection;

/// <summary>
/// Of the tokens [batch][from][width] the <paramref name="to"/> of the highest scores, in their old order, then <paramref name="packages"/> tokens made of those left behind: the means
/// of equal runs of them, weighted by the sigmoid of their scores (zeros for an empty run). The workers share the inputs of the batch.
/// </summary>
internal sealed unsafe class Pick(int batch, int from, int to, int packages, int width) : Step
{
    private readonly Buffer64<float> _keys = new(checked(batch * from));
    private readonly Buffer64<int> _order = new(checked(batch * from));
    private float* _x, _scores, _y;
    private int _scoreStride;

    /// <param name="scores">[batch][from], so far apart.</param>
    public void Run(float* x, float* scores, int scoreStride, float* y, Workers workers)
    {
        _x = x;
        _scores = scores;
        _scoreStride = scoreStride;
        _y = y;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int first, int last) = Share(batch, part, parts);
        for (int input = first; input < last; input++) One(_x + (nint)input * from * width, _scores + (nint)input * from * _scoreStride, _y + (nint)input * (to + packages) * width, input * from);
    }

    private void One(float* x, float* scores, float* y, int at)
    {
        Span<float> keys = _keys.Span.Slice(at, from);
        Span<int> order = _order.Span.Slice(at, from);
        for (int i = 0; i < from; i++) (keys[i], order[i]) = (-scores[i * _scoreStride], i);
        keys.Sort(order);
        Span<int> kept = order[..to], rest = order[to..];
        kept.Sort();
        rest.Sort();
        foreach (int token in kept)
        {
            new ReadOnlySpan<float>(x + (nint)token * width, width).CopyTo(new Span<float>(y, width));
            y += width;
        }
        for (int p = 0; p < packages; p++, y += width)
        {
            (int start, int end) = Share(rest.Length, p, packages);
            Package(x, scores, rest[start..end], y);
        }
    }

    private void Package(float* x, float* scores, ReadOnlySpan<int> tokens, float* y)
    {
        new Span<float>(y, width).Clear();
        float all = 0;
        foreach (int token in tokens)
        {
            float weight = Sigmoid.Of(new Vector<float>(scores[token * _scoreStride]))[0];
            all += weight;
            Rows.AddTimes(x + (nint)token * width, weight, y, width);
        }
        Rows.Times(y, all > 0 ? 1 / all : 0, y, width);
    }
}
