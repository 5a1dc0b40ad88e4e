using Hone.Benchmarks.Evidence;
using Hone.Model;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The evidence of core/Neural/Vit/QuasarVit.</summary>
internal sealed class QuasarVitEvidence : IEvidence
{
    private readonly Scale _scale;

    public QuasarVitEvidence(Scale scale)
    {
        _scale = scale;
        var mixed = new MixedPart(scale);
        Parts = [mixed.Part, new RankingPart(scale).Part, new RankingPart(scale, "long", times: 5).Part, new AblationsPart(scale, mixed).Part, new FullPart(scale).Part];
    }

    public string Name => "quasar-vit";

    public string Room => "core/Neural/Vit/QuasarVit";

    public ValueList<EvidencePart> Parts { get; }

    public Speed Measure() => StepSpeed.Measure(_scale.Recipe);

    /// <summary>
    /// 600 training and 3,500 evaluated images a second in all, two workers of one thread each on two idle cores of a processor with 256-bit vectors [measured, in float32]; those
    /// with 512-bit vectors are faster.
    /// </summary>
    public (Speed Speed, double Minutes) Budget => (new Speed(600, 3_500), 90);
}
