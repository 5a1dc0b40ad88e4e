using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>When what happens in a training: the teacher's phase, the float supernet's, the quantised one's, the ordering of rows, and the learning rate of each step.</summary>
internal sealed class QuasarVitSchedule
{
    private const double OrderEvery = 0.6, OrderSeldom = 0.75;   // shares of the quantised phase
    private const int LeastOrders = 8, SeldomEvery = 5;
    private readonly QuasarVitConfig _config;
    private readonly long _warmUp, _orderInterval, _round;

    /// <param name="perEpoch">Steps an epoch.</param>
    /// <param name="steps">Steps of the supernet's phases; null: the configuration's epochs.</param>
    /// <param name="round">Phases begin, and rows are ordered, only before steps that are a multiple of it.</param>
    public QuasarVitSchedule(QuasarVitConfig config, long perEpoch, long? steps = null, long round = 1)
    {
        (_config, _round) = (config, round);
        _warmUp = (long)(config.WarmUpEpochs * perEpoch);
        TeacherSteps = Whole(perEpoch * config.TeacherEpochs);
        long own = steps ?? perEpoch * config.Epochs;
        (Steps, QuantisedFrom) = (TeacherSteps + own, TeacherSteps + Whole((long)(own * config.FloatShare)));
        _orderInterval = Math.Max(1, Math.Min(perEpoch, (Steps - QuantisedFrom) / LeastOrders));
    }

    /// <summary>Steps of the float teacher, before all others.</summary>
    public long TeacherSteps { get; }

    /// <summary>The first step on which the quantisers act.</summary>
    public long QuantisedFrom { get; }

    public long Steps { get; }

    /// <summary>
    /// Whether the rows are ordered anew before a step: when the quantisers begin to act, then each epoch (an eighth of the quantised phase where that is shorter)
    /// until 60 % of the phase, each fifth time until 75 %, then never again.
    /// </summary>
    public bool OrdersRows(long step) => step % _round == 0 && Enumerable.Range(0, (int)_round).Any(i => Orders(step - i));

    private bool Orders(long step)
    {
        long since = step - QuantisedFrom;
        if (since < 0 || since % _orderInterval != 0) return false;
        double done = (double)since / Math.Max(1, Steps - QuantisedFrom);
        return done < OrderEvery || (done < OrderSeldom && since / _orderInterval % SeldomEvery == 0);
    }

    // Down to a whole number of rounds, but no phase to none.
    private long Whole(long steps) => steps == 0 ? 0 : Math.Max(1, steps / _round) * _round;

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double Rate(long step)
    {
        if (step < TeacherSteps) return Within(0, TeacherSteps, _config.PeakRate);
        if (_config.QuantisedRate == 0) return Within(TeacherSteps, Steps, _config.PeakRate);
        return step < QuantisedFrom ? Within(TeacherSteps, QuantisedFrom, _config.PeakRate) : Within(QuantisedFrom, Steps, _config.QuantisedRate);

        double Within(long from, long to, double peak) => AdamW.Rate(step - from, to - from, Math.Min(_warmUp, to - from), peak, Math.Min(peak, _config.FinalRate));
    }
}
