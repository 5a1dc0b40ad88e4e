using System.Globalization;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>All three levels against dense training, equally long in epochs and in time, and against what a level could be without its idea; each level alone; on crops, also with milder levels; the clock.</summary>
internal sealed class TriLevelParts(TokenScale scale, TokenImages images)
{
    private const double BelowDense = 0.3;   // points
    private static readonly TriLevelArm DenseOnCrops = TriLevelArm.Dense.Cropped();
    private readonly TriLevelUnits _units = new(scale);
    private static readonly ValueList<TriLevelArm> Arms = [TriLevelArm.All, TriLevelArm.Dense, TriLevelArm.Shorter, TriLevelArm.Static, TriLevelArm.Random];

    public EvidencePart Headline => Part("headline", "all three levels", Arms, scale.Seeds, TriLevelArm.Dense, Notes, clean: true);

    public EvidencePart Levels => Part("levels", "each level alone", [TriLevelArm.All, TriLevelArm.Dense, .. TriLevelArm.Single], Some, TriLevelArm.Dense, Notes);

    public EvidencePart Crops => Part("crops", "all three levels on random crops, half as long again", [TriLevelArm.All.Cropped(), DenseOnCrops, TriLevelArm.Shorter.Cropped(), TriLevelArm.Random.Cropped()], Some, DenseOnCrops, CropNotes, clean: true);

    public EvidencePart Milder => Part("milder", "a tenth of the examples removed, half of the links kept, on random crops", [TriLevelArm.Milder.Cropped(), DenseOnCrops, TriLevelArm.MilderTimeOfDense.Cropped()], Some, DenseOnCrops, CropNotes);

    public EvidencePart Time => new("time", "Seconds of a training step, dense and under the schedule, in turn", new(() => Enumerable.Range(1, 3).Select(i => _units.Time(images, i)).ToValueList()), Timed,
        ["Nothing else runs beside it. The share of a training's time is that of a step's, times the share of the examples."], Timed: true);

    private ValueList<string> CropNotes => ["Padded by 4 pixels and cropped at random, 1.5 times the epochs of part headline, all else alike: where images never come by twice the same, fewer of them may be enough.", .. Notes.Skip(1)];

    private ValueList<ulong> Some => scale.Seeds.Take(3).ToValueList();

    private EvidencePart Part(string name, string what, ValueList<TriLevelArm> arms, ValueList<ulong> seeds, TriLevelArm dense, ValueList<string> notes, bool clean = false) =>
        new(name, $"{images.Name}: {what}, {seeds.Count} seeds", new(() => seeds.SelectMany(s => arms.Select(a => _units.Arm(images, a, s))).ToValueList()),
            findings => Rows(findings, arms, seeds, dense).Concat(clean ? Clean(findings, arms[0], seeds) : []), notes);

    private ValueList<string> Notes =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{scale.ScratchEpochs} epochs x {scale.ScratchImages:#,0} images from scratch; an epoch of a method that removes examples is a pass over the active ones, so it makes fewer steps. Tested as trained: sparse where trained sparse."),
        "Dense at equal time: a shorter training with a whole cosine of its own. Static: the first random subset stays. Random swap: who leaves is drawn, all else alike.",
        string.Create(CultureInfo.InvariantCulture, $"Accuracy on {scale.TestImages:#,0} images of the official test set, which nothing was chosen by. Intervals pair arms by seed and image."),
    ];

    private IEnumerable<EvidenceRow> Rows(Findings findings, ValueList<TriLevelArm> arms, ValueList<ulong> seeds, TriLevelArm reference)
    {
        float[][][][] right = [.. seeds.Select(seed => (float[][][])[[.. arms.Select(a => CrossedBootstrap.Right((string)findings[_units.Arm(images, a, seed)]["right"]!, scale.TestImages))]])];
        int dense = arms.Span.IndexOf(reference);
        Estimate?[] estimates = CrossedBootstrap.Of(right, (_, _, a) => [.. a, .. Enumerable.Range(1, a.Length - 1).Select(i => a[0] - a[i]), .. a.Select(one => one - a[dense])], seed: 1);
        double macs = Macs(findings, reference, seeds);
        for (int i = 0; i < arms.Count; i++)
            yield return new(images.Name, arms[i].Name, "accuracy, %", Origin.Trained, estimates[i]!, Note: string.Create(CultureInfo.InvariantCulture, $"{Macs(findings, arms[i], seeds) / macs:P1} of the dense training's multiply-accumulates"));
        for (int i = 1; i < arms.Count; i++)
            yield return new(images.Name, $"{arms[0].Name} minus {arms[i].Name}", "accuracy, points", Origin.Trained, estimates[arms.Count + i - 1]!, true, arms[i].EqualTime ? null : BelowDense);
        foreach (TriLevelArm single in arms.Where(a => TriLevelArm.Single.Contains(a)))
            yield return new(images.Name, $"{single.Name} minus dense", "accuracy, points", Origin.Trained, estimates[(2 * arms.Count) - 1 + arms.Span.IndexOf(single)]!, true, BelowDense);
    }

    private double Macs(Findings findings, TriLevelArm arm, ValueList<ulong> seeds) => seeds.Average(s => (double)findings[_units.Arm(images, arm, s)]["tmacs"]!);

    /// <summary>Whether those that left are those that are learned best.</summary>
    private IEnumerable<EvidenceRow> Clean(Findings findings, TriLevelArm arm, ValueList<ulong> seeds)
    {
        double[][] losses = [.. seeds.Select(s => findings[_units.Arm(images, arm, s)]).Where(f => f["lossOfLeft"] is not null)
            .Select(f => (double[])[(double)f["lossOfActive"]! - (double)f["lossOfLeft"]!])];
        if (losses.Length > 0) yield return new(images.Name, "loss of active minus loss of least forgotten examples, clean pass", "nats", Origin.Trained, PairedBootstrap.Of(losses, seed: 1), true);
    }

    private IEnumerable<EvidenceRow> Timed(Findings findings)
    {
        double kept = 1 - _units.Config(images, 1).Removed;
        double[][] ratios = [.. Enumerable.Range(1, 3).Select(i => findings[_units.Time(images, i)]).Select(f => (double[])[(double)f["sparse"]! / (double)f["dense"]!])];
        yield return new(images.Name, "a step under the schedule over a dense step", "ratio", Origin.Measured, PairedBootstrap.Of(ratios, seed: 1));
        yield return new(images.Name, "a training with all three levels over a dense one", "ratio of time", Origin.Measured, PairedBootstrap.Of([.. ratios.Select(r => (double[])[kept * r[0]])], seed: 1));
    }
}
