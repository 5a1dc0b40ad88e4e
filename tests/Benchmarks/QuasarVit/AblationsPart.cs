using System.Globalization;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>What layer scaling and entangled weights bring, what the arms' winners are worth once fine-tuned, and how they stand against a net made by hand and a float twin.</summary>
internal sealed class AblationsPart(Scale scale, MixedPart mixed)
{
    private const double Tie = 0.5, BelowTwin = 1;   // margins in points: the method sheet's claim; the float twin's as required of the full study

    private sealed record Variant(string Name, string Statement, double? Margin, Func<QuasarVitConfig, QuasarVitConfig> Change);

    private static readonly Variant[] Variants =
    [
        new("scale-1", "layer scaling learned minus none", null, c => c with { LearnLayerScale = false, LayerScale = 1 }),
        new("separate", "entangled minus separate weights", 0.3, c => c with { Entangled = false }),   // margin: method sheet
    ];

    private readonly Pictures _pictures = Pictures.FashionMnist;
    private readonly ChosenUnits _chosen = new(scale, mixed);
    private readonly Lazy<List<RandomNet>> _nets = new(() => RandomNets.Some(scale.Recipe.Config(Pictures.FashionMnist, 0), scale.LatencyLimitMs, scale.Genomes));

    public EvidencePart Part => new("ablations", "Layer scaling, entangled weights, fine-tuned winners, a hand-made net of equal compute, the float twin", new(() => Units().ToValueList()), Rows,
    [
        $"Supernets: accuracy with inherited weights of {scale.Genomes} fixed random nets on {scale.JudgeImages} validation images, paired by seed, net and image; same passes, images and order for both sides.",
        "Separate weights: the 4-bit and the 8-bit rows have latent tensors of their own (double memory). A spike is a stretch of a 200th of the training with a step 1 nat above the mean of the stretch before.",
        $"Winners: what the first search of each arm chose at {string.Join(", ", scale.TargetsMs.Select(Text))} ms, each fine-tuned for {Text(scale.TuneEpochs)} epochs from inherited weights.",
        $"Hand-made: trained alone with the passes of a supernet and one search ({Text(Math.Round(_chosen.ByHandEpochs, 2))} epochs; an evaluation counts a third), then fine-tuned alike. Float twin: the mixed winner's genes trained alone in float32 "
            + $"for {Text(_chosen.TwinEpochs)} epochs, the passes of supernet and fine-tuning together; its accuracy without quantisers. Neither has a teacher; the supernet teaches itself with its largest net's last answers, which is part of the method and costs no pass.",
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
                foreach (Unit unit in Chosen(seed, target)) yield return unit;
    }

    /// <summary>The mixed arm's net first, then the other arms', the hand-made one and the twin.</summary>
    private Unit[] Chosen(ulong seed, double target) => [.. Arm.All.Select(arm => _chosen.Searched(arm, seed, target)), _chosen.ByHand(seed, target), _chosen.Twin(seed, target)];

    private static IEnumerable<(string Statement, double Margin)> Opponents() =>
        [.. Arm.All.Skip(1).Select(a => ($"{Arm.Mixed.Name} minus {a.Name}, both fine-tuned", Tie)), ("mixed minus hand-made, equal compute", Tie), ("mixed minus its float twin", BelowTwin)];

    private Unit Supernet(ulong seed, Variant? variant) => SupernetUnits.Of(_pictures, scale, seed, variant?.Name, variant?.Change);

    private Unit Nets(ulong seed, Variant? variant) => NetUnits.Inherited("nets", Supernet(seed, variant), _pictures, scale, seed, _nets.Value, scale.JudgeImages);

    private IEnumerable<EvidenceRow> Rows(Findings findings) => [.. OfSupernets(findings), .. OfChosen(findings)];

    private IEnumerable<EvidenceRow> OfSupernets(Findings findings)
    {
        Variant?[] all = [null, .. Variants];
        // (supernets)(nets)(recipe and variants)(images)
        float[][][][] right = [.. scale.SupernetSeeds.Select(seed =>
        {
            float[][][] answers = [.. all.Select(v => NetUnits.Right(findings[Nets(seed, v)], scale.JudgeImages))];   // (variants)(nets)(images)
            return Enumerable.Range(0, _nets.Value.Count).Select(n => answers.Select(a => a[n]).ToArray()).ToArray();
        })];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (_, _, accuracies) => [accuracies[0], .. accuracies.Skip(1).Select(a => accuracies[0] - a)], seed: 1);
        yield return new(_pictures.Name, "the recipe", "accuracy, %", Origin.Trained, estimates[0]!);
        for (int v = 0; v < Variants.Length; v++)
            yield return new(_pictures.Name, Variants[v].Statement, "accuracy, points", Origin.Trained, estimates[v + 1]!, true, Variants[v].Margin);
        foreach (Variant? variant in all)
            yield return new(_pictures.Name, $"{variant?.Name ?? "the recipe"}: loss spikes", "stretches of 200", Origin.Trained,
                PairedBootstrap.Of([.. scale.SupernetSeeds.Select(s => (double[])[(int)findings[Supernet(s, variant)]["spikes"]!])], seed: 1));
    }

    private IEnumerable<EvidenceRow> OfChosen(Findings findings)
    {
        float[] none = new float[scale.JudgeImages];
        Unit[][][] units = [.. scale.SupernetSeeds.Select(seed => scale.TargetsMs.Select(target => Chosen(seed, target)).ToArray())];   // (supernets)(targets)(nets)
        float[]?[][][] answers = [.. units.Select(s => s.Select(t => t.Select(u => _chosen.Right(findings, u)).ToArray()).ToArray())];
        Estimate?[] estimates = CrossedBootstrap.Of([.. answers.Select(s => s.Select(t => t.Select(a => a ?? none).ToArray()).ToArray())], (s, t, accuracies) =>
        [
            answers[s][t][0] is null ? double.NaN : accuracies[0],
            .. Enumerable.Range(1, accuracies.Length - 1).Select(k => answers[s][t][0] is null || answers[s][t][k] is null ? double.NaN : accuracies[0] - accuracies[k]),
        ], seed: 1);
        if (estimates[0] is not { } mixedOnes) yield break;
        yield return new(_pictures.Name, "mixed, fine-tuned", "accuracy, %", Origin.Trained, mixedOnes, Note: Latency(0));
        foreach (var ((statement, margin), k) in Opponents().Select((o, i) => (o, i + 1)))
            if (estimates[k] is { } estimate)
                yield return new(_pictures.Name, statement, "accuracy, points", Origin.Trained, estimate, true, margin, $"the other's {Latency(k)}");

        string Latency(int k)
        {
            double[] ms = [.. units.SelectMany(s => s.Select(t => ChosenUnits.Milliseconds(findings, t[k]))).OfType<double>()];
            return string.Create(CultureInfo.InvariantCulture, $"latency {ms.Average():F3} ms in the mean (modelled)");
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
