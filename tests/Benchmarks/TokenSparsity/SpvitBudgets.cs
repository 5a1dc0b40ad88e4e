using System.Globalization;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>Plans that are made for budgets of modelled latency, in four ways, each trained and tested.</summary>
internal sealed class SpvitBudgets(TokenScale scale, TokenImages images)
{
    private const double NotWorse = 0.1;   // points: HeatViT's sheet, stated before any run
    private static readonly ValueList<double> Budgets = [0.8, 0.7, 0.6];   // of the dense net's time; 0.5 cannot be met with two dense blocks
    private readonly SpvitBudgetUnits _units = new(scale, images);
    private readonly ValueList<ulong> _seeds = scale.Seeds.Take(3).ToValueList();

    private static readonly (PlanBy From, PlanBy Less)[] Comparisons = [(PlanBy.Table, PlanBy.EqualShares), (PlanBy.Table, PlanBy.Macs), (PlanBy.Insertion, PlanBy.Table)];

    public EvidencePart Part => new("budgets", $"{images.Name}: plans for budgets of modelled latency, {_seeds.Count} seeds", new(() => _seeds.SelectMany(s => Budgets.SelectMany(b => PlanBys.All.Select(by => _units.Arm(by, b, s)))).ToValueList()), Rows,
    [
        string.Create(CultureInfo.InvariantCulture, $"Budgets: shares of the dense net's modelled latency, {SpvitBudgetUnits.Board.Name}, 16 bits. Every plan is trained for {scale.QuantEpochs} epochs x {scale.TrainImages:#,0} images from the same dense net; accuracy on {scale.TestImages:#,0} images of the official test set, thresholds set on {scale.CalibrationImages:#,0} training images. Latencies are those of the tokens that test images kept."),
        "By table, by multiply-accumulates: selectors before a quarter, half and three quarters of the blocks; again and again the share is lowered that saves most for the loss that it costs while the class token's attention ranks; then all are scaled to the budget. Equal shares: each selector leaves the same share of what arrives.",
        string.Create(CultureInfo.InvariantCulture, $"By insertion: selectors from the last block forwards, each lowered while accuracy on {SpvitBudgetUnits.Judged:#,0} other training images holds, {scale.QuantEpochs} epochs x {SpvitBudgetUnits.Inserted:#,0} images a plan; neighbours merged, three left, scaled to the budget."),
    ]);

    private IEnumerable<EvidenceRow> Rows(Findings findings) => Budgets.SelectMany(b => Rows(findings, b));

    private IEnumerable<EvidenceRow> Rows(Findings findings, double budget)
    {
        bool[][] met = [.. _seeds.Select(s => PlanBys.All.Select(by => findings[_units.Arm(by, budget, s)]["right"] is not null).ToArray())];   // (seeds)(ways)
        float[][][][] right = [.. _seeds.Select(s => (float[][][])[[.. PlanBys.All.Select(by => findings[_units.Arm(by, budget, s)]["right"] is { } bits ? CrossedBootstrap.Right((string)bits!, scale.TestImages) : new float[scale.TestImages])]])];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (seed, _, a) =>
        {
            double[] real = [.. a.Select((value, way) => met[seed][way] ? value : double.NaN)];
            return [.. real, .. Comparisons.Select(c => real[(int)c.From] - real[(int)c.Less])];
        }, seed: 1);
        string share = budget.ToString("P0", CultureInfo.InvariantCulture);
        foreach (PlanBy by in PlanBys.All)
        {
            ValueList<ulong> with = _seeds.Where((_, s) => met[s][(int)by]).ToValueList();
            string note = with.Count == _seeds.Count ? "" : $"{with.Count} of {_seeds.Count} seeds: the others' plan could not meet it";
            if (estimates[(int)by] is not { } accuracy) continue;
            yield return new(images.Name, $"{share}: {by.Text()}", "accuracy, %", Origin.Trained, accuracy, Note: note);
            yield return new(images.Name, $"{share}: {by.Text()}, latency over the budget", "ratio", Origin.Modelled, PairedBootstrap.Of([.. with.Select(s => (double[])[(double)findings[_units.Arm(by, budget, s)]["overBudget"]!])], seed: 1));
        }
        for (int c = 0; c < Comparisons.Length; c++)
            if (estimates[PlanBys.All.Count + c] is { } difference)
                yield return new(images.Name, $"{share}: {Comparisons[c].From.Text()} minus {Comparisons[c].Less.Text()}", "accuracy, points", Origin.Trained, difference, true, NotWorse);
    }
}
