using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>What layer scaling and entangled weights bring, and whether the whole beats a net made by hand with equal compute.</summary>
internal sealed class AblationsPart(Scale scale, MixedPart mixed)
{
    private sealed record Variant(string Name, string Statement, double? Margin, Func<QuasarVitConfig, QuasarVitConfig> Change);

    private static readonly Variant[] Variants =
    [
        new("scale-1", "layer scaling learned minus none", null, c => c with { LearnLayerScale = false, LayerScale = 1 }),
        new("separate", "entangled minus separate weights", 0.3, c => c with { Entangled = false }),   // margin: method sheet
    ];

    private readonly Pictures _pictures = Pictures.FashionMnist;
    private readonly HandMade _handMade = new(scale, mixed);
    private readonly Lazy<List<RandomNet>> _nets = new(() => RandomNets.Some(scale.Recipe.Config(Pictures.FashionMnist, 0), scale.LatencyLimitMs, scale.Genomes));

    public EvidencePart Part => new("ablations", "Layer scaling, entangled weights, and a hand-made net of equal compute", new(() => Units().ToValueList()), Rows,
    [
        $"Supernets: accuracy with inherited weights of {scale.Genomes} fixed random nets on {scale.ScoreImages} validation images, paired by seed and net; same passes, images and order for both sides.",
        "Evolution against random search stands in the headline part.",
        Alone.Available
            ? $"Hand-made: trained alone with the passes of a supernet and one search (an evaluation counts a third), then both nets fine-tuned for {scale.TuneEpochs} epochs without a teacher; latencies modelled."
            : "Hand-made net of equal compute: not run, this build cannot train a single subnet.",
    ]);

    private IEnumerable<Unit> Units()
    {
        foreach (ulong seed in scale.SupernetSeeds.AsEnumerable())
        {
            yield return Nets(seed, null);
            foreach (Variant variant in Variants) yield return Nets(seed, variant);
        }
        if (!Alone.Available) yield break;
        foreach (ulong seed in scale.SupernetSeeds.AsEnumerable())
            foreach (double target in scale.TargetsMs.AsEnumerable())
                if (_handMade.Unit(seed, target) is { } unit) yield return unit;
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
        if (!Alone.Available) yield break;
        double[][] searched = [.. _handMade.Differences(findings).Where(d => d.Length > 0)];
        if (searched.Length > 0)
            yield return new(_pictures.Name, "searched minus hand-made, equal compute", "accuracy, points", Origin.Trained, PairedBootstrap.Of(searched, seed: 1), true);
    }
}
