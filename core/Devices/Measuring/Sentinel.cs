using System.Numerics;
using Hone.Devices.Cpu;

namespace Hone.Devices.Measuring;

/// <summary>Always the same work on every worker: sums over a first cache's worth of floats. How long it takes tells whether the processor is ours and runs at its usual clock.</summary>
public sealed class Sentinel : Step
{
    private const int Length = 4_096, Passes = 400, Lanes = 4;
    private readonly float[][] _values;
    private readonly float[] _sums;

    /// <param name="workers">Threads that it will run on.</param>
    public Sentinel(int workers)
    {
        _values = [.. Enumerable.Range(0, workers).Select(_ => Enumerable.Repeat(0.5f, Length).ToArray())];
        _sums = new float[workers];
    }

    /// <summary>What it computed last; looked at by nobody, so that the work is not taken away as useless.</summary>
    public float Sum => _sums.Sum();

    protected internal override void Part(int part, int parts)
    {
        float[] values = _values[part];
        Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
        int width = Vector<float>.Count;
        for (int pass = 0; pass < Passes; pass++)
            for (int i = 0; i <= Length - Lanes * width; i += Lanes * width)
            {
                a += new Vector<float>(values, i);
                b += new Vector<float>(values, i + width);
                c += new Vector<float>(values, i + 2 * width);
                d += new Vector<float>(values, i + 3 * width);
            }
        _sums[part] = Vector.Sum(a + b + c + d);
    }
}
