using System.Runtime.InteropServices;
using System.Text;
using Hone.Contracts;
using Hone.Grains.Journal;
using Hone.Model;
using Hone.Search;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Grains.Driving;

/// <summary>
/// From the journal to the front: those near the front are ranked once more on more images, the front is drawn, its members are exported, checked
/// and measured on the test set. Never writes to the journal; every piece that is done is remembered, so a kill costs the piece in hand.
/// </summary>
internal sealed class FinishPhase(StudyPlace place)
{
    private readonly Dictionary<string, JobResult> _ranked = new(StringComparer.Ordinal);
    private readonly Remeasuring _remeasuring = new(place, place.Spec.Devices);
    private readonly TrainedFront _trained = new(place);
    private IReadOnlyList<Trial>? _near;   // of one fidelity
    private ValueList<FrontMember> _chosen;
    private long _lastEnqueue;

    public Progress? Progress { get; private set; }

    /// <summary>Why the front is none of fully trained candidates; null where it is.</summary>
    public string? Early => place.Spec.Search.Rungs is { } rungs && _near is [{ Fidelity: { } drawn }, ..] && drawn < rungs.Highest
        ? $"no candidate was trained through: the front is drawn from rung {drawn} of 0 to {rungs.Highest}, one part in {rungs.Divisor(drawn)} of the training; a larger budget goes on" : null;

    /// <summary>One step; the result files when all is done.</summary>
    public async Task<ValueList<Artifact>?> Step(IReadOnlyList<JournalEntry> journal, CancellationToken cancel)
    {
        _near ??= NearFront(journal);
        List<Job> open = await Rank(_near);
        if (open.Count == 0)
        {
            if (_chosen.Count == 0) _chosen = FrontSelection.Choose(FrontSelection.Members(_near.Select(Reranked), place.Spec.Objectives), place.Spec.Objectives, place.Spec.Finish.Members);
            if (!await Remeasured())
            {
                await place.WaitForReport(TimeSpan.FromMilliseconds(500), cancel);
                return null;
            }
            open = await FinishMembers();
            if (open.Count == 0) return await Results();
        }
        if (place.Clock.GetElapsedTime(_lastEnqueue) >= TimeSpan.FromSeconds(1))
        {
            await place.Queue.Enqueue(open.ToValueList());
            _lastEnqueue = place.Clock.GetTimestamp();
        }
        await place.WaitForReport(TimeSpan.FromMilliseconds(250), cancel);
        return null;
    }

    // Within two paired standard errors of the front, all constraints on accuracy met.
    private List<Trial> NearFront(IReadOnlyList<JournalEntry> journal)
    {
        int? fidelity = FrontFidelity.Of(journal.Select(e => e.Trial));
        List<JournalEntry> evaluated = journal.Where(e => e.Trial.Outcome is Outcome.Evaluated && e.Trial.Fidelity == fidelity && Feasible(e.Trial)).ToList();
        if (evaluated.Count == 0) throw new HoneException($"none of {journal.Count} trials meets {string.Join(" and ", place.Spec.Constraints)}; loosen the constraints or raise the budget");
        int ranked = RankedObjective();
        if (ranked < 0 || evaluated.Any(e => e.Correct is null))
            return FrontSelection.Members(evaluated.Select(e => e.Trial), place.Spec.Objectives).Select(m => evaluated.First(e => e.Trial.Ordinal == m.Ordinal).Trial).ToList();
        ulong[][] bits = evaluated.Select(e => MemoryMarshal.Cast<byte, ulong>(e.Correct!).ToArray()).ToArray();   // (n)(words)
        double[] accuracy = evaluated.Select(e => e.Trial.Value(place.Spec.Objectives[ranked].Metric)!.Value / 100).ToArray();
        List<Objective> exact = place.Spec.Objectives.Where((_, i) => i != ranked).ToList();
        double[] losses = evaluated.SelectMany(e => exact.Select(o => o.Loss(e.Trial.Value(o.Metric)!.Value))).ToArray();   // (n, k)
        return Reranking.Candidates(accuracy, losses, exact.Count, PairedErrors.OfCorrect(bits, place.Study.SearchImages), most: place.Spec.Finish.RankCandidates).Select(i => evaluated[i].Trial).ToList();
    }

    private int RankedObjective()
    {
        for (int i = 0; i < place.Spec.Objectives.Count; i++)
            if (place.Spec.Objectives[i].Metric == "accuracy") return i;
        return -1;
    }

    private bool Feasible(Trial trial) => place.Spec.Constraints.All(c => trial.Value(c.Metric) is not { } value || c.Allows(value));

    private async Task<List<Job>> Rank(IReadOnlyList<Trial> near)
    {
        List<Job> open = [];
        int images = place.Spec.Finish.RankImages;
        foreach (Trial trial in near)
        {
            if (_ranked.ContainsKey(trial.Key)) continue;
            if (place.Study.Trains)   // on all images there are: it is not trained again to be ranked
            {
                _ranked[trial.Key] = new JobResult(Measurements: trial.Measurements.Where(m => m.Device is null).ToValueList());
                continue;
            }
            var job = new Job(place.EvaluationOf(trial.Key, images, null), JobKind.Evaluate, place.Spec.Study, place.SpecText, trial.Key, images,
                place.State.Shared, Numerics: place.State.Numerics, Data: place.State.Data);
            if (ResultOf(job) is { } result)
            {
                _ranked[trial.Key] = result;
                await place.Subnet(trial.Key, images, null).Remember(result);
            }
            else if (_lastEnqueue == 0 && await place.Subnet(trial.Key, images, null).Recall() is { } known) _ranked[trial.Key] = known;
            else open.Add(job);
        }
        Progress = new Progress("ranking on more images", near.Count - open.Count, near.Count);
        return open;
    }

    // The value drawn by comes first; what the search saw follows as search_<metric>.
    private Trial Reranked(Trial trial)
    {
        ValueList<Measurement> now = _ranked[trial.Key].Measurements;
        List<Measurement> measurements = [.. now];
        List<Measurement> before = [];
        foreach (Measurement m in trial.Measurements)
            if (now.Any(n => n.Metric == m.Metric)) before.Add(m with { Metric = $"search_{m.Metric}" });
            else measurements.Add(m);
        return trial with { Outcome = new Outcome.Evaluated([.. measurements, .. before]) };
    }

    private async Task<bool> Remeasured()
    {
        await _remeasuring.Ask([.. _chosen]);
        if (_remeasuring.Waits is { } waits) Progress = new Progress($"measuring members ({waits})", _chosen.Count - _remeasuring.Left, _chosen.Count);
        return _remeasuring.Left == 0;
    }

    private async Task<List<Job>> FinishMembers()
    {
        List<Job> open = [];
        foreach (FrontMember member in _chosen.Select(_remeasuring.Of))
        {
            if (place.State.Finished.ContainsKey(member.Ordinal)) continue;
            var job = new Job($"{place.Spec.Study}/member/{member.Ordinal}", JobKind.Member, place.Spec.Study, place.SpecText, member.Key,
                Shared: place.State.Shared, Numerics: place.State.Numerics, Member: member, Data: place.State.Data, Fidelity: _near![0].Fidelity, Trained: _trained.Of(member.Ordinal));
            if (ResultOf(job) is { } result)
            {
                await Task.Run(() => { foreach (Artifact file in result.Artifacts.AsEnumerable()) place.Blobs.Keep(file.Blob); }, CancellationToken.None);   // a worker may go and take its own store with it
                await place.Save(s => s with { Finished = new(s.Finished) { [member.Ordinal] = result } });
            }
            else open.Add(job);
        }
        Progress = new Progress("exporting and checking members", _chosen.Count - open.Count, _chosen.Count);
        return open;
    }

    private JobResult? ResultOf(Job job) => place.Take(job.Id) is not { } report ? null
        : report.Result ?? throw new HoneException($"{job.Id}: {report.Failure?.Message}");

    private async Task<ValueList<Artifact>> Results()
    {
        List<Artifact> files = [];
        var members = _chosen.Select(m => _remeasuring.Of(m).With(place.State.Finished[m.Ordinal].Measurements)).ToList();
        bool reproducible = !place.Spec.Devices.Any(DeviceCatalog.IsAttached);   // a second run would measure other times
        var (kept, demoted) = MeasuredFront.Draw(members, place.Spec.Objectives, reproducible ? [] : place.Spec.Constraints);
        var front = new Front(place.Spec.Study, place.Spec.Method, place.Spec.Seed, place.Spec.Objectives, kept, demoted, reproducible, _near![0].Fidelity);
        OpenDevices devices = await OpenDevices.Of(place, place.Spec.Devices);
        files.Add(new Artifact("front.json", place.Blobs.Put(Encoding.UTF8.GetBytes(StudyJson.Text(front, place.Study.Space)))));
        files.Add(new Artifact(FrontCosts.File, place.Blobs.Put(Encoding.UTF8.GetBytes(FrontCosts.Of(place.Study, [.. kept, .. demoted], place.Spec.Devices, devices.Open).Text()))));
        for (int i = 0; i < kept.Count; i++)
            foreach (Artifact file in place.State.Finished[kept[i].Ordinal].Artifacts)
                files.Add(file with { Path = $"models/{i + 1}/{file.Path}" });
        return files.ToValueList();
    }
}
