using Hone.Devices.Measuring;
using Hone.Devices.Tables;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains.Profiling;

/// <summary>
/// A calibration, step by step, each asking for what is not there yet: a designed grid of operations; some networks, from which the table learns what networks take beside the sum of their operations;
/// then further networks, each predicted before it is measured. Held in memory: what was measured is in the table, so one that is begun again is soon where it was.
/// </summary>
internal sealed class Calibrating
{
    private const int LearnedFrom = 3;   // of the networks: one more for each so many
    private readonly List<MeasureJob> _grid, _known, _unseen;
    private readonly bool _again;
    private readonly Dictionary<string, double> _before = new(StringComparer.Ordinal);      // milliseconds of operations that are measured anew
    private readonly Dictionary<string, double> _predicted = new(StringComparer.Ordinal);   // of unseen networks
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private Task<CalibrationOutcome>? _outcome;

    private Calibrating(List<MeasureJob> grid, List<MeasureJob> known, List<MeasureJob> unseen, bool again) => (_grid, _known, _unseen, _again) = (grid, known, unseen, again);

    /// <exception cref="SpecException">No good study, or one whose candidates run nothing.</exception>
    public static Calibrating Of(CalibrationRequest request)
    {
        IStudy study = StudyCatalog.Open(SpecText.Parse(request.Spec));
        List<Workload> sample = [.. SpaceSample.Of(study.Space).Select(study.Lower)];
        if (sample[0].Ops.Count == 0) throw new SpecException($"{study.Spec.Study}: expected a study whose candidates run operations, those of '{study.Spec.Method}' run none; there is nothing to calibrate for");
        if (request.Operations is < 0 or > 5_000 || request.Networks is < 0 or > 500) throw new SpecException($"expected up to 5000 operations and 500 networks, got {request.Operations} and {request.Networks}");
        List<MeasureJob> grid = [.. DesignedGrid.For(sample, request.Operations).Select(w => new MeasureJob(w.Key, w))];
        List<MeasureJob> networks = [.. sample.Skip(2).Take(request.Networks + request.Networks / LearnedFrom).Select(w => new MeasureJob(JobNames.Of(w), w)).DistinctBy(j => j.Id)];
        int unseen = Math.Min(request.Networks, networks.Count);
        return new Calibrating(grid, networks[unseen..], networks[..unseen], request.Again);
    }

    /// <summary>Goes on as far as the figures reach.</summary>
    public CalibrationProgress Step(Profiler profiler)
    {
        if (_outcome is { } over) return Evaluated(over);
        CostBook book = profiler.Books.Active;
        if (Ask(profiler, _grid, Profiler.Urgency.Needed, _again) is var grid && grid < _grid.Count) return Progress("operations", grid, profiler.Waits());
        if (Ask(profiler, _known, Profiler.Urgency.Network, _again) is var known && known < _known.Count) return Progress("networks", grid + known, profiler.Waits());
        if (_predicted.Count < _unseen.Count && !Predict(book)) return Progress("fitting", grid + known, "the fit of the table");
        if (Ask(profiler, _unseen, Profiler.Urgency.Network, again: true) is var unseen && unseen < _unseen.Count) return Progress("unseen networks", grid + known + unseen, profiler.Waits());
        return Evaluated(_outcome = Outcome(book, profiler.Books.Calibration));
    }

    private CalibrationProgress Evaluated(Task<CalibrationOutcome> outcome) => outcome.IsCompletedSuccessfully ? Progress("done", All, null) with { Outcome = outcome.Result }
        : outcome.IsFaulted ? throw new HoneException($"the table could not be evaluated: {outcome.Exception.GetBaseException().Message}") : Progress("evaluating", All, null);

    private int All => _grid.Count + _known.Count + _unseen.Count;

    private CalibrationProgress Progress(string stage, int done, string? waits) => new(stage, done, All, waits);

    // How many are answered; the others are asked for.
    private int Ask(Profiler profiler, List<MeasureJob> jobs, int urgency, bool again)
    {
        int answered = 0;
        foreach (MeasureJob job in jobs)
        {
            if (_asked.Add(job.Id))
            {
                if (again && profiler.Books.Active.Operation(job.Id) is { } before) _before[job.Id] = before.Milliseconds;
                profiler.Ask(job, urgency, again);
            }
            if (profiler.IsOpen(job.Id)) continue;
            if (profiler.Books.Active.Knows(job.Id)) answered++;
            else if (profiler.Ask(job, urgency) is { } stuck) throw new HoneException(stuck);
        }
        return answered;
    }

    // With the table as it is now, by what its operations say alone.
    private bool Predict(CostBook book)
    {
        TableDevice prices = book.Prices(soon: true);
        if (prices.Table.Version != book.Version) return false;
        foreach (MeasureJob job in _unseen)
            if (prices.Price(Schedule.Once(job.Workload)).Value("latency_ms") is { } ms) _predicted[job.Id] = ms;
        return true;
    }

    // Apart: held-out errors take many fits.
    private Task<CalibrationOutcome> Outcome(CostBook book, string calibration)
    {
        CostTable table = book.Table;
        double factor = book.Prices().Composition.Factor;
        PredictedCase[] networks = [.. _unseen.Where(j => _predicted.ContainsKey(j.Id)).Select(j => (Job: j, Reading: book.Network(j.Id))).Where(n => n.Reading is not null)
            .Select(n => new PredictedCase(n.Job.Workload.Key, _predicted[n.Job.Id], n.Reading!.Milliseconds, n.Reading.Spread))];
        double[] changes = [.. _before.Where(b => book.Operation(b.Key) is not null).Select(b => 100 * (book.Operation(b.Key)!.Milliseconds / b.Value - 1))];
        return Task.Run(() =>
        {
            CalibrationReport report = CostEvaluation.Evaluate(table);
            return new CalibrationOutcome(table.Device, calibration, table.Version, report.Entries, report.MapePercent, report.KendallTau, report.WithinPercent,
                report.Families.Select(f => new FamilyOutcome(f.Family, f.Entries, f.MapePercent)).ToValueList(),
                report.Worst.Select(w => new PredictedCase(w.Key, w.PredictedMs, w.MeasuredMs, 0)).ToValueList(), factor,
                networks.ToValueList(), networks.Length == 0 ? null : Median.Of([.. networks.Select(n => Math.Abs(n.ErrorPercent))]), Repeated(changes),
                table.Entries.Count(e => e.Reading is { Marks.Count: > 0 }));
        });
    }

    private static RepeatOutcome? Repeated(double[] percent)
    {
        if (percent.Length == 0) return null;
        double[] sizes = [.. percent.Select(Math.Abs).Order()];
        return new RepeatOutcome(percent.Length, Median.Of(sizes), sizes[Math.Min(sizes.Length - 1, (int)(0.95 * sizes.Length))], Median.Of(percent));
    }
}
