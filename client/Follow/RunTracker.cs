using System.Collections.Immutable;
using Hone.Contracts;
using Hone.Model;
using Hone.Search;

namespace Hone.Client.Follow;

/// <summary>Turns updates into what a view shows: collects trials, keeps the front, estimates the time left.</summary>
internal sealed class RunTracker(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private ImmutableList<Trial> _evaluated = [];
    private ImmutableList<Trial> _front = [];
    private StudyPhase _phase;
    private (long At, double Done) _from;

    /// <summary>The committed trials heard so far: the next ordinal to ask for.</summary>
    public int Next { get; private set; }

    /// <summary>The furthest that anything got: a later value means progress.</summary>
    public (StudyPhase Phase, int Committed, long Step) Furthest { get; private set; }

    /// <summary>Takes a committed trial of the next ordinal.</summary>
    public void Add(Trial trial, ValueList<Objective> objectives)
    {
        Next = trial.Ordinal + 1;
        if (trial.Outcome is not Outcome.Evaluated || LossesOf(trial, objectives) is not { } losses) return;
        _evaluated = _evaluated.Add(trial);
        int? drawn = FrontFidelity.Of(_front.Append(trial));
        if (trial.Fidelity != drawn) return;
        _front = _front.RemoveAll(other => other.Fidelity != drawn);
        if (_front.Any(other => Dominates(LossesOf(other, objectives)!, losses, orEqual: true))) return;
        _front = _front.RemoveAll(other => Dominates(losses, LossesOf(other, objectives)!, orEqual: false)).Add(trial);
        Objective first = objectives[0];
        _front = _front.Sort((a, b) => first.Loss(a.Value(first.Metric)!.Value).CompareTo(first.Loss(b.Value(first.Metric)!.Value)));
    }

    /// <summary>Takes a status.</summary>
    /// <returns>The state, and whether anything got further than ever before.</returns>
    public (RunState State, bool Further) See(StudyStatus status)
    {
        long now = time.GetTimestamp();
        (double done, double all) = Done(status);
        if (status.Phase != _phase) (_phase, _from) = (status.Phase, (now, done));
        // A resumed phase begins where it stands, so that what an earlier run did is not taken for speed.
        if (_from.Done == 0 && done > 0 && status.Phase == StudyPhase.Prepare) _from = (now, done);
        TimeSpan spent = time.GetElapsedTime(_from.At, now);
        TimeSpan? left = done > _from.Done && all > done && spent > TimeSpan.FromSeconds(2) ? spent * ((all - done) / (done - _from.Done)) : null;
        var here = (status.Phase, status.Counts.Committed, status.Progress?.Step ?? 0);
        bool further = here.CompareTo(Furthest) > 0;
        if (further) Furthest = here;
        return (new RunState(status, _evaluated, _front, time.GetElapsedTime(_start, now), left), further);
    }

    private static (double Done, double All) Done(StudyStatus status) => status.Phase switch
    {
        StudyPhase.Search => (status.Counts.Evaluated, status.Budget),
        _ => (status.Progress?.Step ?? 0, status.Progress?.Steps ?? 0),
    };

    private static double[]? LossesOf(Trial trial, ValueList<Objective> objectives)
    {
        double[] losses = new double[objectives.Count];   // (objectives)
        for (int i = 0; i < losses.Length; i++)
        {
            if (trial.Value(objectives[i].Metric) is not { } value) return null;
            losses[i] = objectives[i].Loss(value);
        }
        return losses;
    }

    private static bool Dominates(double[] a, double[] b, bool orEqual)
    {
        bool better = orEqual;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i]) return false;
            better |= a[i] < b[i];
        }
        return better;
    }
}
