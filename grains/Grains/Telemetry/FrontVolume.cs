using Hone.Model;
using Hone.Search;

namespace Hone.Grains.Telemetry;

/// <summary>
/// The hypervolume of a growing front over the one it began with, so that studies of any units can stand on one axis: 1 at first, and it never falls. The
/// reference point is the worst value of each objective among the first evaluated trials, so it is the same after every restart. In a search with rungs it is told of the highest alone:
/// what was found on lower ones stands on no axis with it.
/// </summary>
/// <param name="objectives">1 to 4; of more the volume takes too long, and there is none.</param>
/// <param name="first">How many trials are the first.</param>
/// <param name="fidelity">Of the trials that count.</param>
internal sealed class FrontVolume(ValueList<Objective> objectives, int first, int? fidelity = null)
{
    /// <summary>So many trials are the first, unless the budget has fewer.</summary>
    public const int First = 32;

    /// <summary>Of a study.</summary>
    public static FrontVolume Of(StudySpec spec) => spec.Search.Rungs is not { } rungs ? new FrontVolume(spec.Objectives, Math.Min(First, spec.Budget.Trials))
        : new FrontVolume(spec.Objectives, Math.Clamp(rungs.Highests(spec.Budget.Trials), 1, First), rungs.Highest);

    private const int MostObjectives = 4;
    private readonly ParetoArchive? _front = objectives.Count <= MostObjectives ? new ParetoArchive(objectives.Count) : null;
    private readonly double[] _reference = [.. Enumerable.Repeat(double.NegativeInfinity, objectives.Count)];   // (m)
    private double _begin;
    private int _seen;

    /// <summary>Takes committed trials in, in order.</summary>
    public void Add(IEnumerable<Trial> trials)
    {
        foreach (Trial trial in trials)
            if (_front is not null && trial.Outcome is Outcome.Evaluated && trial.Fidelity == fidelity) Add(Losses.Of(trial, objectives));
    }

    /// <summary>The ratio; null before the first trials are there, or while they enclose no volume.</summary>
    public double? Value => _begin > 0 ? Volume() / _begin : null;

    private void Add(double[] losses)
    {
        _front!.Add(losses, _seen);
        if (_seen < first)
        {
            for (int k = 0; k < losses.Length; k++) _reference[k] = Math.Max(_reference[k], losses[k]);
            _seen++;
        }
        if (_seen == first && _begin == 0) _begin = Volume();
    }

    private double Volume() => Hypervolume.Of(_front!.Members().Losses, _reference.Length, _reference);
}
