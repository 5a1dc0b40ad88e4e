using Hone.Model;

namespace Hone.Search;

/// <summary>
/// What every searcher here keeps: the order of ordinals, the keys asked, chance by ordinal, and the rule that an ordinal draws until its key is
/// new, 64 times at most. A searcher says only how it draws one candidate and what it learns from one evaluated; one with rungs also which candidate goes up.
/// </summary>
public abstract class DrawingSearcher : ISearcher
{
    /// <summary>Draws per ordinal; the last one is taken as it is.</summary>
    public const int Draws = 64;

    private readonly CandidateSet _asked;
    private readonly Queue<Suggestion> _open = new();   // asked, not yet told
    private readonly ValueList<Objective> _objectives;
    private readonly ulong _seed;
    private readonly Candidate[] _warmStarts;
    private int _next, _told;

    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved; at least one.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals, asked as they stand.</param>
    /// <exception cref="SpecException">No objective, or a warm start that is no key of the space.</exception>
    protected DrawingSearcher(SearchSpace space, ValueList<Objective> objectives, ulong seed, ValueList<string> warmStarts)
    {
        if (objectives.Count == 0) throw new SpecException("expected at least one objective, got none: name what the search improves");
        (Space, _objectives, _seed, _asked) = (space, objectives, seed, new CandidateSet(space));
        _warmStarts = new Candidate[warmStarts.Count];
        for (int i = 0; i < _warmStarts.Length; i++)
        {
            try { _warmStarts[i] = space.Parse(warmStarts[i]); }
            catch (FormatException e) { throw new SpecException($"warm start {i}: {e.Message}"); }
        }
    }

    protected SearchSpace Space { get; }

    /// <summary>Losses per trial.</summary>
    protected int M => _objectives.Count;

    /// <summary>The fidelity of a candidate that is drawn; null: the searcher has none.</summary>
    protected virtual int? Lowest => null;

    /// <inheritdoc/>
    public Suggestion Ask(int ordinal)
    {
        if (ordinal != _next) throw new InvalidOperationException($"expected Ask({_next}), got Ask({ordinal}): ordinals are asked once, in order");
        Suggestion suggestion = ordinal < _warmStarts.Length ? new Suggestion(_warmStarts[ordinal], Lowest) : Promote() ?? new Suggestion(New(ordinal), Lowest);
        if (ordinal < _warmStarts.Length) _asked.TryAdd(suggestion.Candidate, ordinal, out _);
        _open.Enqueue(suggestion);
        _next++;
        return suggestion;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Out of order, or never asked.</exception>
    /// <exception cref="ArgumentException">Another key than was asked.</exception>
    /// <exception cref="HoneException">An objective is missing or not finite.</exception>
    public void Tell(Trial trial)
    {
        if (trial.Ordinal != _told) throw new InvalidOperationException($"expected Tell of ordinal {_told}, got {trial.Ordinal}: trials are told once, in order");
        if (_told == _next) throw new InvalidOperationException($"ordinal {trial.Ordinal} is told but was never asked");
        var (candidate, fidelity) = _open.Peek();
        if (trial.Key != candidate.Key || trial.Fidelity != fidelity)
            throw new ArgumentException($"ordinal {trial.Ordinal} was asked as '{candidate.Key}'{At(fidelity)} but is told as '{trial.Key}'{At(trial.Fidelity)}");
        double[]? losses = trial.Outcome is Outcome.Evaluated ? Losses.Of(trial, _objectives) : null;   // (m)
        _open.Dequeue();
        _told++;
        if (losses is not null) Learn(candidate, fidelity, losses);
    }

    /// <summary>A candidate that is asked for once more at a higher fidelity, before any is drawn; null: none. What is returned is asked.</summary>
    protected virtual Suggestion? Promote() => null;

    /// <summary>One candidate by this ordinal's chance and what was learnt.</summary>
    protected abstract Candidate Draw(Chance chance);

    /// <summary>Takes in an evaluated candidate; rejected, failed and duplicate ones never come here.</summary>
    /// <param name="candidate">As asked.</param>
    /// <param name="fidelity">As asked.</param>
    /// <param name="losses">Shape (m), smaller is better.</param>
    protected abstract void Learn(Candidate candidate, int? fidelity, double[] losses);

    private Candidate New(int ordinal)
    {
        var chance = new Chance(_seed, Streams.Search, (uint)ordinal);
        Candidate candidate = Draw(chance);
        bool isNew = _asked.TryAdd(candidate, ordinal, out _);
        for (int draw = 1; draw < Draws && !isNew; draw++)
        {
            candidate = Draw(chance);
            isNew = _asked.TryAdd(candidate, ordinal, out _);
        }
        return candidate;
    }

    private static string At(int? fidelity) => fidelity is { } rung ? $" on rung {rung}" : "";
}
