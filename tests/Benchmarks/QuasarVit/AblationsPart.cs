using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>What layer scaling and entangled weights bring, whether the whole beats a net made by hand with equal compute, and how far a mixed net is below its float twin.</summary>
internal sealed class AblationsPart(Scale scale, MixedPart mixed)
{
    private sealed record Variant(string Name, string Statement, double? Margin, Func<QuasarVitConfig, QuasarVitConfig> Change);

    private static readonly Variant[] Variants =
    [
        new("scale-1", "layer scaling learned minus none", null, c => c with { LearnLayerScale = false, LayerScale = 1 }),
        new("separate", "entangled minus separate weights", 0.3, c => c with { Entangled = false }),   // margin: method sheet
    ];

    private readonly Pictures _pictures = Pictures.FashionMnist;
    private readonly ChosenUnits _chosen = new(scale, mixed);
    private readonly Lazy<List<RandomNet>> _nets = new(() => RandomNets.Some(scale.Recipe.Config(Pictures.FashionMnist, 0), scale.LatencyLimitMs, scale.Genomes));

    public EvidencePart Part => new("ablations", "Layer scaling, entangled weights, a hand-made net of equal compute, the float twin", new(() => Units().ToValueList()), Rows,
    [
        $"Supernets: accuracy with inherited weights of {scale.Genomes} fixed random nets on {scale.ScoreImages} validation images, paired by seed and net; same passes, images and order for both sides.",
        "Evolution against random search stands in the headline part.",
        $"Hand-made: trained alone with the passes of a supernet and one search (an evaluation counts a third); it and the searched net are then fine-tuned for {scale.TuneEpochs} epochs, no teacher in either.",
        $"Float twin: the searched net's genes trained alone in float for {new ChosenUnits(scale, mixed).TwinEpochs} epochs, at least as many image passes as supernet and fine-tuning together, its accuracy without quantisers.",
    ]);

    private IEnumerable<Unit> Units()
    {
        foreach (ulong seed in scale.SupernetSeeds.AsEnumerable())
        {
            yield return Nets(seed, null);
            foreach (Variant variant in Variants) yield return Nets(seed, variant);
        }
        foreach (ulong seed in scale.SupernetSeeds.AsEnumerable())
            foreach (double target in scale.TargetsMs.AsEnumerable())
            {
                yield return _chosen.Searched(seed, target);
                yield return _chosen.ByHand(seed, target);
                yield return _chosen.Twin(seed, target);
            }
    }

    private Unit Nets(ulong seed, Variant? variant) => NetUnits.Inherited(
        "nets", SupernetUnits.Of(_pictures, scale, seed, variant?.Name, variant?.Change), _pictures, scale, seed, _nets.Value, scale.ScoreImages);

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        double[][] Of(Variant? variant) => [.. scale.SupernetSeeds.Select(s => NetUnits.Accuracies(findings[Nets(s, variant)], scale.ScoreImages))];   // (seeds)(nets)
        double[][] recipe = Of(null);
        yield return new(_pictures.Name, "the recipe", "accuracy, %", Origin.Trained, PairedBootstrap.Of(recipe, seed: 1));
        foreach (Variant variant in Variants)
        {
            double[][] other = Of(variant);
            yield return new(_pictures.Name, variant.Statement, "accuracy, points", Origin.Trained,
                PairedBootstrap.Of([.. recipe.Zip(other, (r, o) => r.Zip(o, (a, b) => a - b).ToArray())], seed: 1), true, variant.Margin);
        }
        if (_chosen.Differences(findings, _chosen.ByHand) is { Length: > 0 } byHand)
            yield return new(_pictures.Name, "searched minus hand-made, equal compute", "accuracy, points", Origin.Trained, PairedBootstrap.Of(byHand, seed: 1), true, 0.5);
        if (_chosen.Differences(findings, _chosen.Twin) is { Length: > 0 } twin)
            yield return new(_pictures.Name, "searched mixed net minus its float twin", "accuracy, points", Origin.Trained, PairedBootstrap.Of(twin, seed: 1), true, 1);
    }
}
