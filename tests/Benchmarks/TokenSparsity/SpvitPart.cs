using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>Learned soft selection against hard, ruled and no selection, at one cut of multiply-accumulates, from the same dense nets and for as long.</summary>
/// <param name="name">On the command line.</param>
/// <param name="seeds">How many of the scale's.</param>
internal sealed class SpvitPart(TokenScale scale, TokenImages images, string name, double cut, int seeds)
{
    private const double BelowDense = 0.5, BelowRule = 0.3, NotWorse = 0.2;   // margins in points: the issue of the comparison and the method's sheet, stated before any run
    private readonly SpvitUnits _units = new(scale);
    private readonly ValueList<ulong> _seeds = scale.Seeds.Take(seeds).ToValueList();
    private static readonly ValueList<SpvitArm> Arms = [SpvitArm.Soft, SpvitArm.Hard, .. SpvitArm.Rules, SpvitArm.Dense];

    public EvidencePart Part => new(name, $"{images.Name}: tokens dropped for {cut:P0} less multiply-accumulates, {_seeds.Count} seeds", new(() => _seeds.SelectMany(Units).ToValueList()), Rows,
    [
        string.Create(CultureInfo.InvariantCulture, $"Dense: {scale.DenseEpochs} epochs x {scale.TrainImages:#,0} images from scratch{TokenScale.Changed(scale.Crop, scale.Flip)}. Arms: {scale.TuneEpochs} epochs on from it, with it as teacher, the same images, order, rates and losses; selectors before a quarter, half and three quarters of the blocks, each leaving the same share of what arrives."),
        string.Create(CultureInfo.InvariantCulture, $"Accuracy on {scale.TestImages:#,0} images of the official test set, which nothing was chosen by. Intervals pair arms by seed and image."),
        string.Create(CultureInfo.InvariantCulture, $"Learned arms are tested with thresholds that keep the plan's shares over {scale.CalibrationImages:#,0} training images, so that all arms are compared at one cost. Multiply-accumulates are those of the tokens that were kept, selectors included."),
    ]);

    private IEnumerable<Unit> Units(ulong seed) => [DenseUnits.Of(images, scale, seed), .. Arms.Select(arm => _units.Arm(images, arm, cut, seed))];

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        // (seeds)(1)(dense and arms)(images)
        float[][][][] right = [.. _seeds.Select(seed => (float[][][])[[.. Units(seed).Select(u => CrossedBootstrap.Right((string)findings[u]["right"]!, scale.TestImages))]])];
        int soft = 1, hard = 2, last = Arms.Count;
        (string Statement, int Less, double? Margin)[] comparisons =
        [
            ("soft minus hard", hard, NotWorse), .. SpvitArm.Rules.Select((r, i) => ($"soft minus {r.Name}", hard + 1 + i, (double?)(r == SpvitArm.Rules[0] ? null : BelowRule))),
            ("soft minus dense", 0, BelowDense), ("soft minus dense, fine-tuned", last, BelowDense),
        ];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (_, _, a) => [.. a, .. comparisons.Select(c => a[soft] - a[c.Less])], seed: 1);
        string[] names = ["dense", .. Arms.Select(a => a.Name)];
        for (int i = 0; i < names.Length; i++) yield return new(images.Name, names[i], "accuracy, %", Origin.Trained, estimates[i]!, Note: i == 0 ? "" : Cost(findings, Arms[i - 1]));
        for (int i = 0; i < comparisons.Length; i++)
            yield return new(images.Name, comparisons[i].Statement, "accuracy, points", Origin.Trained, estimates[names.Length + i]!, true, comparisons[i].Margin);
        foreach (SpvitArm arm in (SpvitArm[])[SpvitArm.Soft, SpvitArm.Hard])
            foreach (EvidenceRow row in Adaptive(findings, arm)) yield return row;
    }

    private string Cost(Findings findings, SpvitArm arm) => string.Create(CultureInfo.InvariantCulture, $"{_seeds.Average(s => (double)findings[_units.Arm(images, arm, cut, s)]["mmacs"]!):F2} million multiply-accumulates an image");

    /// <summary>How many patches single images keep.</summary>
    private IEnumerable<EvidenceRow> Adaptive(Findings findings, SpvitArm arm)
    {
        JsonObject[] found = [.. _seeds.Select(s => findings[_units.Arm(images, arm, cut, s)])];
        int[][] kept = [.. found.Select(f => Found.Counts(f["kept"]!)[^1])];
        foreach (double share in (double[])[0.05, 0.25, 0.5, 0.75, 0.95])
            yield return Over($"{arm.Name}: patches behind the last selector, {share:P0} of images keep at most", "patches", [.. kept.Select(k => (double)k[(int)(share * (k.Length - 1))])]);
        yield return Over($"{arm.Name}: standard deviation of kept patches over images", "patches", [.. kept.Select(k => Math.Sqrt(k.Average(c => Math.Pow(c - k.Average(), 2))))]);
        yield return Over($"{arm.Name}: Kendall's tau of kept patches with the dense net's sureness", "tau", [.. found.Select(f => (double)f["tauOfSureness"]!)]);
    }

    private EvidenceRow Over(string statement, string metric, double[] values) => new(images.Name, statement, metric, Origin.Trained, PairedBootstrap.Of([.. values.Select(v => (double[])[v])], seed: 1));
}
