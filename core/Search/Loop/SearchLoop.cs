using System.Diagnostics.CodeAnalysis;
using Hone.Model;

namespace Hone.Search;

/// <summary>
/// Drives a searcher so that the journal depends on seed, spec and outcomes alone, never on who evaluates, how many at once, or how fast:
/// <c>Ask(i)</c> comes after exactly the outcomes of ordinals 0..i-1-W were told; trials are committed in ordinal order; the journal ends at the trial
/// that reaches the budget. Pure state without threads or clock: one caller at a time. The same loop drives tests, one machine and a cluster.
/// </summary>
/// <remarks>
/// The driver's cycle: while <see cref="TryAsk"/>, hand out; <see cref="Report"/> outcomes as they come, in any order; write what
/// <see cref="Commit"/> returns; until <see cref="Stop"/>. After a crash: <see cref="Replay"/> every written trial, then go on.
/// Retries are ordinals that the searcher neither asks nor hears of.
/// </remarks>
public sealed class SearchLoop
{
    /// <summary>Rejections in a row, or ordinals in a row without a new evaluated trial, that end a search.</summary>
    public const int Patience = 1000;

    private readonly ISearcher _searcher;
    private readonly ValueList<Objective> _objectives;
    private readonly (Asked? Asked, Outcome? Outcome)[] _flight;   // (W + 1), ordinal i at i mod (W + 1); asked, not committed
    private readonly Queue<Trial> _untold = new();                 // committed, not told: at most W + 1
    private readonly List<bool> _rejections = [];                  // (Committed), whether an ordinal was rejected
    private readonly Dictionary<int, Suggestion> _failed = [];     // by ordinal, not retried so far
    private readonly Queue<int> _retries = new();                  // failed ordinals to be asked for next
    private readonly Dictionary<int, CandidateSet> _seen = [];     // by fidelity, NoRung without
    private const int NoRung = -1;
    private StopReason? _stop;
    private int _told, _hopeful, _withoutNew;
    private int _retried, _retriesOpen, _retriesTold, _retriesEvaluated;   // retries asked, in flight, passed by when telling, successful

    /// <param name="searcher">Fresh: it has asked nothing.</param>
    /// <param name="objectives">What an evaluated outcome must bring.</param>
    /// <param name="window">W: how many ordinals after the newest one told may be in flight besides the next; 0 is one at a time.</param>
    /// <param name="budget">Trials to evaluate.</param>
    /// <exception cref="SpecException">A window below 0 or a budget below 1.</exception>
    public SearchLoop(ISearcher searcher, ValueList<Objective> objectives, int window, int budget)
    {
        if (window < 0) throw new SpecException($"search.window: expected 0 or more, got {window}");
        if (budget < 1) throw new SpecException($"budget.trials: expected 1 or more, got {budget}");
        (_searcher, _objectives, Window, Budget) = (searcher, objectives, window, budget);
        _flight = new (Asked?, Outcome?)[window + 1];
    }

    /// <summary>W of the class's rule.</summary>
    public int Window { get; }

    /// <summary>Evaluated trials that end the search.</summary>
    public int Budget { get; private set; }

    /// <summary>The next ordinal to ask: ordinals below it have been.</summary>
    public int Next { get; private set; }

    /// <summary>Ordinals below it are committed.</summary>
    public int Committed { get; private set; }

    /// <summary>Committed trials by outcome.</summary>
    public int Evaluated { get; private set; }

    /// <inheritdoc cref="Evaluated"/>
    public int Rejected { get; private set; }

    /// <inheritdoc cref="Evaluated"/>
    public int Duplicates { get; private set; }

    /// <inheritdoc cref="Evaluated"/>
    public int Failed { get; private set; }

    /// <summary>Committed rejections since the last other outcome; a duplicate counts as the outcome that it repeats.</summary>
    public int RejectedInARow { get; private set; }

    /// <summary>Why the search is over; null while it goes on.</summary>
    public StopReason? Stop => _retries.Count + _retriesOpen > 0 ? null : _stop;

    /// <summary>Failed ordinals that no retry has been asked for.</summary>
    public IEnumerable<int> FailedOrdinals => _failed.Keys.Order();

    /// <summary>The ordinals handed out whose outcome is not known, in order.</summary>
    public IEnumerable<Asked> Open()
    {
        for (int i = Committed; i < Next; i++)
            if (_flight[i % _flight.Length] is (Asked asked, null)) yield return asked;
    }

    /// <summary>
    /// The next ordinal, when the window allows it. False while outcomes are missing or uncommitted, when the search is over, and while those in flight
    /// would use up the budget if all were evaluated: so nothing is evaluated in vain.
    /// </summary>
    public bool TryAsk([NotNullWhen(true)] out Asked? asked)
    {
        asked = null;
        if (Next - Window > Committed) return false;
        if (_retries.TryDequeue(out int failed)) asked = AskAgain(failed);
        else if (_stop is null && Evaluated - _retriesEvaluated + _hopeful < Budget) asked = AskNext();
        return asked is not null;
    }

    /// <summary>
    /// Asks for the candidates of failed ordinals once more, as the next ordinals, whatever the search does besides; they count for no budget. Those that have been
    /// retried, or did not fail, are passed over: so this can be said again after a crash.
    /// </summary>
    public void Retry(IEnumerable<int> ordinals)
    {
        foreach (int ordinal in ordinals.Where(_failed.ContainsKey).Except(_retries).Order().ToList()) _retries.Enqueue(ordinal);
    }

    /// <summary>Brings the outcome of an ordinal in flight, in any order.</summary>
    /// <returns>False when it is not needed any more (already known, or the search is over): a late second answer is dropped.</returns>
    /// <exception cref="ArgumentException">The ordinal was never asked, or the outcome is a duplicate.</exception>
    /// <exception cref="HoneException">An evaluated outcome lacks an objective, or its value is not finite.</exception>
    public bool Report(int ordinal, Outcome outcome)
    {
        if (ordinal < 0 || ordinal >= Next) throw new ArgumentException($"expected an ordinal below {Next}, got {ordinal}, which was never asked");
        if (Stop is not null || ordinal < Committed || _flight[ordinal % _flight.Length].Outcome is not null) return false;
        if (outcome is Outcome.Duplicate) throw new ArgumentException($"ordinal {ordinal}: duplicates are found by the loop, not reported to it");
        Take(ordinal, outcome);
        return true;
    }

    /// <summary>The trials that can now be written, in ordinal order. What lies after the trial that ends the search is discarded.</summary>
    public IReadOnlyList<Trial> Commit()
    {
        var committed = new List<Trial>();
        while (Stop is null && Committed < Next && _flight[Committed % _flight.Length] is (Asked asked, Outcome outcome))
        {
            var trial = new Trial(asked.Ordinal, asked.Candidate.Key, outcome, asked.Fidelity, asked.RetryOf);
            Close(trial, asked.Candidate);
            committed.Add(trial);
        }
        return committed;
    }

    /// <summary>Takes a written trial back in, in order, before anything is asked: the searcher is asked again and must answer the same.</summary>
    /// <exception cref="HoneException">The journal was not written by this spec.</exception>
    /// <exception cref="InvalidOperationException">Ordinals are in flight.</exception>
    public void Replay(Trial trial)
    {
        if (Next != Committed) throw new InvalidOperationException($"ordinals {Committed}..{Next - 1} are in flight: replay comes before asking");
        if (trial.RetryOf is null && Stop is not null)
            throw Differ(trial, $"the search ends by {Stop} with ordinal {Committed - 1}", $"a trial of '{trial.Key}'");
        if (trial.Ordinal != Next) throw Differ(trial, $"expected ordinal {Next}", $"ordinal {trial.Ordinal}");
        if (trial.RetryOf is { } failed && !_failed.ContainsKey(failed)) throw Differ(trial, $"ordinal {failed} has not failed, or was retried before", $"a retry of it");
        Asked asked = trial.RetryOf is { } again ? AskAgain(again) : AskNext();
        if (trial.Key != asked.Candidate.Key) throw Differ(trial, $"this spec asks '{asked.Candidate.Key}'", $"'{trial.Key}'");
        if (trial.Fidelity != asked.Fidelity) throw Differ(trial, $"this spec asks {Rung(asked.Fidelity)}", Rung(trial.Fidelity));
        if ((trial.Outcome as Outcome.Duplicate)?.Of != asked.DuplicateOf)
            throw Differ(trial, asked.DuplicateOf is int of ? $"expected a duplicate of {of}" : "expected a new candidate", $"{trial.Outcome}");
        if (asked.DuplicateOf is null) Take(trial.Ordinal, trial.Outcome);
        Close(trial, asked.Candidate);
    }

    /// <summary>Raises the budget; the trials so far are a prefix of the longer search's.</summary>
    /// <exception cref="SpecException">Fewer trials than before.</exception>
    public void Extend(int budget)
    {
        if (budget < Budget) throw new SpecException($"budget.trials: expected at least the {Budget} of before, got {budget}: a budget can only be raised");
        Budget = budget;
        if (_stop == StopReason.Budget && Evaluated - _retriesEvaluated < Budget) _stop = null;
    }

    /// <summary>Evaluates one after another until the search is over; the journal is the one that any number of evaluators would give.</summary>
    public IEnumerable<Trial> Run(Func<Asked, Outcome> evaluate)
    {
        while (TryAsk(out Asked? asked))
        {
            if (asked.DuplicateOf is null) Report(asked.Ordinal, evaluate(asked));
            foreach (Trial trial in Commit()) yield return trial;
        }
    }

    private Asked AskNext()
    {
        for (; _told < Next - Window; _told++)
        {
            Trial trial = _untold.Dequeue();
            if (trial.RetryOf is null) _searcher.Tell(trial with { Ordinal = trial.Ordinal - _retriesTold });
            else _retriesTold++;
        }
        var (candidate, fidelity) = _searcher.Ask(Next - _retried);
        if (!_seen.TryGetValue(fidelity ?? NoRung, out CandidateSet? seen)) _seen[fidelity ?? NoRung] = seen = new CandidateSet(candidate.Space);
        bool isNew = seen.TryAdd(candidate, Next, out int first);
        var asked = new Asked(Next, candidate, isNew ? null : first, null, fidelity);
        _flight[Next++ % _flight.Length] = (asked, isNew ? null : new Outcome.Duplicate(first));
        if (isNew) _hopeful++;
        return asked;
    }

    private Asked AskAgain(int failed)
    {
        _failed.Remove(failed, out Suggestion? suggestion);
        var asked = new Asked(Next, suggestion!.Candidate, null, failed, suggestion.Fidelity);
        _flight[Next++ % _flight.Length] = (asked, null);
        (_retried, _retriesOpen) = (_retried + 1, _retriesOpen + 1);
        return asked;
    }

    private void Take(int ordinal, Outcome outcome)
    {
        if (outcome is Outcome.Evaluated) Losses.Of(new Trial(ordinal, "", outcome), _objectives);
        else if (_flight[ordinal % _flight.Length].Asked!.RetryOf is null) _hopeful--;
        _flight[ordinal % _flight.Length].Outcome = outcome;
    }

    private void Close(Trial trial, Candidate candidate)
    {
        bool rejected = trial.Outcome is Outcome.Rejected || (trial.Outcome is Outcome.Duplicate(int of) && _rejections[of]);
        _rejections.Add(rejected);
        _untold.Enqueue(trial);
        _flight[Committed++ % _flight.Length] = default;
        switch (trial.Outcome)
        {
            case Outcome.Evaluated: Evaluated++; break;
            case Outcome.Rejected: Rejected++; break;
            case Outcome.Duplicate: Duplicates++; break;
            default: Failed++; _failed[trial.Ordinal] = new Suggestion(candidate, trial.Fidelity); break;
        }
        if (trial.RetryOf is not null)
        {
            _retriesOpen--;
            if (trial.Outcome is Outcome.Evaluated) _retriesEvaluated++;
            return;
        }
        if (trial.Outcome is Outcome.Evaluated) _hopeful--;
        RejectedInARow = rejected ? RejectedInARow + 1 : 0;
        _withoutNew = trial.Outcome is Outcome.Evaluated ? 0 : _withoutNew + 1;
        if (Evaluated - _retriesEvaluated >= Budget) _stop = StopReason.Budget;
        else if (RejectedInARow >= Patience) _stop = StopReason.Infeasible;
        else if (_withoutNew >= Patience) _stop = StopReason.Exhausted;
    }

    private static string Rung(int? fidelity) => fidelity is { } rung ? $"fidelity {rung}" : "no fidelity";

    private static HoneException Differ(Trial trial, string expected, string came) => new(
        $"ordinal {trial.Ordinal}: {expected}, the journal has {came}: journal and spec differ; go on with the spec that began it, or start in another data folder");
}
