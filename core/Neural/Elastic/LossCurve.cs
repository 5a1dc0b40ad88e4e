namespace Hone.Neural.Elastic;

/// <summary>
/// The loss of a training over at most 200 stretches of equal length, of 8 steps or more: its mean and its largest value in each. It belongs to the state of the training, so a run that
/// was cut and gone on with has the same curve.
/// </summary>
internal sealed class LossCurve
{
    private const int Most = 200, LeastSteps = 8;
    private const string SumName = "curve.sum", WorstName = "curve.worst", CountName = "curve.count", StepsName = "curve.steps";
    private readonly long _steps;
    private readonly float[] _sum, _worst;   // (stretches)
    private readonly int[] _count;

    /// <param name="steps">Of the whole training.</param>
    public LossCurve(long steps) : this(steps, (int)Math.Clamp(steps / LeastSteps, 1, Most))
    {
    }

    private LossCurve(long steps, int stretches) => (_steps, _sum, _worst, _count) = (steps, new float[stretches], new float[stretches], new int[stretches]);

    /// <summary>Takes in the loss of a step, counted from 0.</summary>
    public void Add(long step, double loss)
    {
        int at = (int)Math.Min(_sum.Length - 1, step * _sum.Length / _steps);
        _worst[at] = _count[at] == 0 ? (float)loss : Math.Max(_worst[at], (float)loss);
        _sum[at] += (float)loss;
        _count[at]++;
    }

    /// <summary>The stretches begun until now.</summary>
    public IEnumerable<LossPoint> Points()
    {
        for (int i = 0; i < _sum.Length; i++)
            if (_count[i] > 0) yield return new LossPoint((i + 1) * _steps / _sum.Length, _sum[i] / _count[i], _worst[i]);
    }

    /// <param name="prefix">Of the entries' names, where a file has several curves.</param>
    public void Save(ArrayFile file, string prefix = "")
    {
        file.Add(prefix + SumName, _sum);
        file.Add(prefix + WorstName, _worst);
        file.Add(prefix + CountName, _count);
        file.Add(prefix + StepsName, [(int)_steps]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote for a training of the same length.</summary>
    public void Load(ArrayFile file, string prefix = "")
    {
        file.Get<float[]>(prefix + SumName).CopyTo(_sum, 0);
        file.Get<float[]>(prefix + WorstName).CopyTo(_worst, 0);
        file.Get<int[]>(prefix + CountName).CopyTo(_count, 0);
    }

    /// <summary>Takes in the curve of another shard of the same training: means are over both.</summary>
    public void Join(ArrayFile file)
    {
        float[] sum = file.Get<float[]>(SumName), worst = file.Get<float[]>(WorstName);
        int[] count = file.Get<int[]>(CountName);
        for (int i = 0; i < _sum.Length; i++)
        {
            _worst[i] = _count[i] == 0 ? worst[i] : Math.Max(_worst[i], worst[i]);
            _sum[i] += sum[i];
            _count[i] += count[i];
        }
    }

    /// <summary>The curve that a file of weights or a checkpoint carries.</summary>
    public static LossCurve Read(ArrayFile file, string prefix = "")
    {
        var curve = new LossCurve(file.Get<int[]>(prefix + StepsName)[0]);
        curve.Load(file, prefix);
        return curve;
    }
}
