using System.Globalization;
using Hone.Contracts;
using Hone.Grains.Journal;
using Hone.Model;
using Hone.Search;

namespace Hone.Grains.Driving;

/// <summary>
/// Ask, price, have evaluated, commit, tell. Candidates that break a hard constraint are rejected by their price before any accuracy; those known
/// from before are answered by their memo; the rest become jobs.
/// </summary>
internal sealed class SearchPhase(StudyPlace place, CandidateTrainings trainings)
{
    private static readonly TimeSpan PageAge = TimeSpan.FromSeconds(1), EnqueueAgain = TimeSpan.FromSeconds(1), PriceAgain = TimeSpan.FromMilliseconds(500);
    private readonly List<JournalEntry> _entries = [];
    private readonly List<Trial> _trials = [];
    private readonly Dictionary<int, (byte[]? Correct, BlobId? Trained)> _answered = [];   // by ordinal, not committed
    private readonly OpenTrials _open = new(place, trainings);
    private readonly Pricing _pricing = new(place);
    private readonly TrainedFront _trained = new(place);
    private readonly List<Asked> _unpriced = [];   // asked, and waiting for measurements
    private SearchLoop? _loop;
    private Task<SearchLoop>? _opening;
    private long _lastCommit, _lastEnqueue, _lastPrice, _openedAt;
    private int _waitingToCommit;

    public TrialCounts Counts => _loop is null ? new TrialCounts(0, 0, 0, 0, 0)
        : new TrialCounts(_loop.Committed, _loop.Evaluated, _loop.Rejected, _loop.Duplicates, _loop.Failed);

    /// <summary>Why the search ended before its budget of trials was used; null where it did not.</summary>
    public string? Early { get; private set; }

    /// <summary>What candidates wait for before they can be priced; null: nothing.</summary>
    public string? Waits => _unpriced.Count > 0 ? _pricing.Waits : null;

    /// <summary>Committed trials in ordinal order.</summary>
    public async Task<IReadOnlyList<Trial>> Committed()
    {
        if (place.State.Phase is not StudyPhase.Prepare) await Loop();
        return _trials;
    }

    /// <summary>Ordinals of failed trials that were not retried.</summary>
    public async Task<ValueList<int>> Failed() => (await Loop()).FailedOrdinals.ToValueList();

    public async Task<IReadOnlyList<JournalEntry>> Entries()
    {
        await Loop();
        return _entries;
    }

    /// <summary>One step; true when the search is over.</summary>
    public async Task<bool> Step(CancellationToken cancel)
    {
        SearchLoop loop = await Loop();
        await trainings.Check();
        TakeReports(loop);
        bool asked = await Ask(loop);
        // A page closes when it is full or a second old, and also when waiting longer would leave slots without work.
        bool due = place.Clock.GetElapsedTime(_lastCommit) >= PageAge || _waitingToCommit >= JournalPage.Most;
        if (!asked && (due || _open.Count <= place.Spec.Search.Window / 2)) asked = await Commit(loop);
        if (loop.Stop is null && UsedUp is not null) await Commit(loop);
        if (loop.Stop is not null || (UsedUp is not null && loop.Evaluated > 0)) return Over(loop);
        if (_open.Fresh || place.Clock.GetElapsedTime(_lastEnqueue) >= EnqueueAgain) await Enqueue();
        if (asked) return false;
        await place.WaitForReport(TimeSpan.FromMilliseconds(250), cancel);
        return false;
    }

    private bool Over(SearchLoop loop)
    {
        if (loop.Stop == StopReason.Infeasible) throw new HoneException(Infeasible());
        if (loop.Evaluated == 0) throw new HoneException("no candidate could be evaluated: " + (_trials.LastOrDefault(t => t.Outcome is Outcome.Failed)?.Outcome as Outcome.Failed)?.Message);
        if (loop.Stop is null) Early = $"the search ended after {UsedUp} with {loop.Evaluated} of {loop.Budget} trials; a larger budget goes on";
        if (loop.Stop == StopReason.Exhausted) Early = $"the search ended after {loop.Evaluated} trials: {SearchLoop.Patience} ordinals in a row brought no new candidate";
        return true;
    }

    private string Infeasible()
    {
        var reasons = _trials.Select(t => t.Outcome).OfType<Outcome.Rejected>().GroupBy(r => r.Why.Constraint).OrderByDescending(g => g.Count()).ToList();
        return $"no feasible candidate: {SearchLoop.Patience} candidates in a row were rejected, most by '{reasons[0].Key}' (for example: {reasons[0].First().Why.Reason}); loosen the constraint or choose another device";
    }

    // Minutes and slot-hours cut a prefix: whatever is committed by then is the study, and where it is cut is the only thing that the clock decides.
    private string? UsedUp => (place.Spec.Budget, Spent) switch
    {
        ({ Minutes: > 0 and var minutes }, var spent) when spent.Searched >= TimeSpan.FromMinutes(minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes"),
        ({ SlotHours: > 0 and var hours }, var spent) when spent.Slots >= TimeSpan.FromHours(hours) => string.Create(CultureInfo.InvariantCulture, $"{hours} slot-hours"),
        _ => null,
    };

    private Spent Spent => place.Journal.Spent + new Spent(place.Clock.GetElapsedTime(_openedAt), _open.Busy);

    // Once: several turns may ask while the journal is read. A reading that failed is no answer to the next one who asks.
    private async Task<SearchLoop> Loop()
    {
        Task<SearchLoop> opening = _opening ??= Open();
        try
        {
            return await opening;
        }
        catch
        {
            if (_opening == opening) _opening = null;
            throw;
        }
    }

    private async Task<SearchLoop> Open()
    {
        StudySpec spec = place.Spec;
        long began = place.Clock.GetTimestamp();
        var loop = new SearchLoop(
            SearcherCatalog.Create(spec.Search, place.Study.Space, spec.Objectives, spec.Seed),
            spec.Objectives, spec.Search.Window, spec.Budget.Trials);
        List<JournalEntry> journal = await place.Journal.ReadAll();
        await Task.Run(() => journal.ForEach(entry => loop.Replay(entry.Trial)));   // a long journal takes seconds: the grain answers meanwhile
        loop.Retry(place.State.Retries);
        _entries.AddRange(journal);
        _trials.AddRange(journal.Select(e => e.Trial));
        _openedAt = place.Clock.GetTimestamp();
        place.Telemetry.Replayed(_trials, began);
        return _loop = loop;
    }

    private async Task<bool> Ask(SearchLoop loop)
    {
        int waited = _unpriced.Count;
        while (loop.TryAsk(out Asked? asked))
        {
            place.Telemetry.Asked(asked);
            if (asked.DuplicateOf is null) _unpriced.Add(asked);
            else _waitingToCommit++;
        }
        bool fresh = _unpriced.Count > waited;
        if (_unpriced.Count == 0 || (!fresh && place.Clock.GetElapsedTime(_lastPrice) < PriceAgain)) return false;
        _lastPrice = place.Clock.GetTimestamp();
        Asked[] batch = [.. _unpriced];
        List<Asked> priced = [];
        foreach (var (asked, price) in batch.Zip(await place.Telemetry.Priced(batch.Skip(waited), () => _pricing.Price([.. batch.Select(a => a.Candidate)], place.Telemetry.TraceOf(batch.Select(a => a.Ordinal))))))
        {
            if (price is null) continue;
            _unpriced.Remove(asked);
            if (price.Rejection is { } why)
            {
                Take(loop, new Answer(asked.Ordinal, new Outcome.Rejected(why), null));
                continue;
            }
            _open.Add(asked, price.Measurements);
            priced.Add(asked);
        }
        if (place.Study.Batch == 1)
            foreach (Asked asked in priced)
                if (await place.Subnet(asked.Candidate.Key, place.Study.SearchImages, asked.Fidelity).Recall() is { } known) Take(loop, _open.Recalled(asked.Ordinal, known));
        return _unpriced.Count < batch.Length;
    }

    private Task Enqueue()
    {
        _lastEnqueue = place.Clock.GetTimestamp();
        return place.Queue.Enqueue(_open.Jobs());
    }

    private void TakeReports(SearchLoop loop)
    {
        foreach (Answer answer in _open.Take()) Take(loop, answer);
        place.DropReports();   // what is left answers nothing that is open
    }

    private void Take(SearchLoop loop, Answer answer)
    {
        if (!loop.Report(answer.Ordinal, answer.Outcome)) return;
        if (_waitingToCommit++ == 0) _lastCommit = place.Clock.GetTimestamp();
        _answered[answer.Ordinal] = (answer.Correct, answer.Trained);
    }

    private async Task<bool> Commit(SearchLoop loop)
    {
        List<JournalEntry> page = [];
        List<TrainedTrial> trained = [];
        foreach (Trial trial in loop.Commit())
        {
            _answered.Remove(trial.Ordinal, out var answer);
            page.Add(new JournalEntry(trial, answer.Correct));
            if (answer.Trained is { } weights) trained.Add(new TrainedTrial(trial.Ordinal, weights));
        }
        _lastCommit = place.Clock.GetTimestamp();
        _waitingToCommit = 0;
        if (page.Count == 0) return false;
        Trial[] trials = [.. page.Select(e => e.Trial)];
        await place.Telemetry.Committed(trials, () => place.Journal.Append(page, Spent));
        _entries.AddRange(page);
        _trials.AddRange(trials);
        await _trained.Committed(_trials, trained);
        await trainings.Over(trials.Where(t => t.Outcome is Outcome.Evaluated or Outcome.Failed)
            .GroupBy(t => place.EvaluationOf(t.Key, place.Study.SearchImages, t.Fidelity)).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal));   // the last: of a failed one that was asked once more
        await _pricing.Prefer(_trials);
        return true;
    }
}
