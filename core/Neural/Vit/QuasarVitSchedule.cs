using Hone.Neural.Elastic;

namespace Hone.Neural.Vit;

/// <summary>When what happens in a training: the teacher's phase, the float supernet's, the quantised one's, and the learning rate of each step.</summary>
internal sealed class QuasarVitSchedule
{
    private readonly QuasarVitConfig _config;
    private readonly long _warmUp;

    /// <param name="perEpoch">Steps an epoch.</param>
    /// <param name="steps">Steps of the supernet's phases; null: the configuration's epochs.</param>
    public QuasarVitSchedule(QuasarVitConfig config, long perEpoch, long? steps = null)
    {
        _config = config;
        _warmUp = (long)(config.WarmUpEpochs * perEpoch);
        TeacherSteps = perEpoch * config.TeacherEpochs;
        long own = steps ?? perEpoch * config.Epochs;
        (Steps, QuantisedFrom) = (TeacherSteps + own, TeacherSteps + (long)(own * config.FloatShare));
    }

    /// <summary>Steps of the float teacher, before all others.</summary>
    public long TeacherSteps { get; }

    /// <summary>The first step on which the quantisers act.</summary>
    public long QuantisedFrom { get; }

    public long Steps { get; }

    /// <summary>How much of the quantised phase is done, 0..1.</summary>
    public double QuantisedShare(long step) => (double)(step - QuantisedFrom) / Math.Max(1, Steps - QuantisedFrom);

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double Rate(long step)
    {
        if (step < TeacherSteps) return Within(0, TeacherSteps, _config.PeakRate);
        if (_config.QuantisedRate == 0) return Within(TeacherSteps, Steps, _config.PeakRate);
        return step < QuantisedFrom ? Within(TeacherSteps, QuantisedFrom, _config.PeakRate) : Within(QuantisedFrom, Steps, _config.QuantisedRate);

        double Within(long from, long to, double peak) => AdamW.Rate(step - from, to - from, Math.Min(_warmUp, to - from), peak, Math.Min(peak, _config.FinalRate));
    }
}
