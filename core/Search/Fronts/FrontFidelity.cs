using Hone.Model;

namespace Hone.Search;

/// <summary>
/// The one rule for which trials of a study a front is drawn from: those of the highest fidelity at which any trial was evaluated, whether or not it keeps the limits. Values of different
/// fidelities are not comparable (a candidate that trained a ninth of the time is dominated, or not, for that alone), so a front never mixes them; and while no trial has reached the whole
/// training, the front of the highest rung reached is the best that is known. In a search without rungs that is every evaluated trial.
/// </summary>
/// <remarks>Decided before limits: else a limit that only fully trained candidates break would bring back a front of those that were not trained through.</remarks>
public static class FrontFidelity
{
    /// <summary>That fidelity; null: no trial is evaluated, or the search has no rungs.</summary>
    public static int? Of(IEnumerable<Trial> trials)
    {
        int? highest = null;
        foreach (Trial trial in trials)
            if (trial.Outcome is Outcome.Evaluated && trial.Fidelity is { } fidelity && !(fidelity <= highest)) highest = fidelity;
        return highest;
    }

    /// <summary>The evaluated trials of that fidelity, in the order given.</summary>
    public static IReadOnlyList<Trial> Trials(IEnumerable<Trial> trials)
    {
        IReadOnlyList<Trial> all = trials as IReadOnlyList<Trial> ?? [.. trials];
        int? highest = Of(all);
        return [.. all.Where(t => t.Outcome is Outcome.Evaluated && t.Fidelity == highest)];
    }
}
