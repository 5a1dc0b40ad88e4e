using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

/// <summary>Searches that may train for so many whole trainings in all, on the made-up problem: what is trained less is less accurate, by chance of its own.</summary>
internal static class HalvingBudget
{
    private const double Lack = 10;   // percent of accuracy at most; good candidates differ by about as much

    /// <summary>The volume below (-50 %, 500 us) that the wholly trained candidates cover.</summary>
    public static double Volume(string algorithm, ulong seed, int trainings)
    {
        ValueList<Objective> objectives = QuasarShapedProblem.Objectives;
        var search = new SearchSpec(algorithm, 32, 4, algorithm == SearchSpec.Halving ? Rungs.Default : null);
        var loop = new SearchLoop(SearcherCatalog.Create(search, QuasarShapedProblem.Space, objectives, seed), objectives, search.Window, 1_000_000);
        var losses = new List<double>();   // (n, 2)
        double spent = 0;
        foreach (Trial trial in loop.Run(a => Evaluate(a.Candidate, search.Share(a.Fidelity))))
        {
            if (trial.Outcome is not Outcome.Evaluated) continue;
            if ((spent += search.Share(trial.Fidelity)) > trainings) break;
            if (search.Share(trial.Fidelity) == 1) losses.AddRange(Losses.Of(trial, objectives));
        }
        return Hypervolume.Of([.. losses], 2, [-50, 500]);
    }

    private static Outcome Evaluate(Candidate candidate, double share) => QuasarShapedProblem.Evaluate(candidate) is Outcome.Evaluated { Measurements: var full }
        ? new Outcome.Evaluated(full.Select(m => m.Metric == "accuracy" ? m with { Value = m.Value - Lack * (1 - share) * Problems.Hash(candidate.Key, 40) } : m).ToValueList())
        : QuasarShapedProblem.Evaluate(candidate);
}
