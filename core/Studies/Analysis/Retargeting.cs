using Hone.Devices.Tables;
using Hone.Model;
using Hone.Search;

namespace Hone.Studies.Analysis;

/// <summary>
/// A study's trials on another device: what was learned of a candidate stays, what the study's devices said of it is replaced by the new device's price.
/// Accuracies are those of the search, on the same images for every candidate. Nothing is trained.
/// </summary>
public sealed class Retargeting
{
    private readonly IStudy _study;
    private readonly DeviceSpec _spec;
    private readonly IDevice _device;
    private readonly Func<DeviceSpec, IDevice> _open;
    private readonly ValueList<Constraint> _limits;
    private readonly ValueList<Objective> _objectives;
    private readonly PriceJudge _judge;
    private readonly List<Trial> _trials = [];
    private readonly HashSet<int> _unmeasured = [];
    private readonly List<Trial> _evaluated = [];   // as the study saw them

    /// <param name="device">Opened here.</param>
    /// <param name="limits">Take the place of the study's limits on the same metrics: prices, and what the study measures itself (accuracy).</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="SpecException">Unknown device or option, or a limit on a metric that nobody measures.</exception>
    /// <exception cref="HoneException">The study's candidates are no workloads.</exception>
    public Retargeting(IStudy study, DeviceSpec device, ValueList<Constraint> limits, Func<DeviceSpec, IDevice> open)
    {
        if (study.PricedByEvaluation)
            throw new HoneException($"{study.Spec.Study}: what candidates of '{study.Spec.Method}' cost depends on the training that each of them had for its own devices; run the study with '{device.Name}' among its devices instead");
        Workload smallest = study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]));
        if (smallest.Ops.Count == 0)
            throw new HoneException($"{study.Spec.Study}: expected a study whose candidates cost something on a device, those of '{study.Spec.Method}' run no operation; there is nothing to retarget");
        _study = study;
        _objectives = study.Spec.Objectives.Select(o => o with { Metric = DeviceMetric.Plain(o.Metric) }).DistinctBy(o => o.Metric).ToValueList();   // of several devices the new one takes the place of all
        _limits = [.. study.Spec.Constraints.Where(c => DeviceMetric.Device(c.Metric) is null && !limits.Any(l => l.Metric == c.Metric)), .. limits];
        _spec = DeviceCatalog.Resolve(DeviceCatalog.Limited(device, _limits), study.Space, study.Lower);
        _open = open;
        _device = open(_spec);
        Quote sample = _device.Price(Schedule.Once(smallest));
        if (sample.Totals.Count > 0)
            Limits.Known(limits, [.. sample.Totals.Select(m => m.Metric), .. _objectives.Select(o => o.Metric), .. study.Spec.Constraints.Select(c => c.Metric)]);
        _judge = new PriceJudge(study.Spec with { Devices = [_spec], Constraints = _limits });
    }

    /// <summary>The trials priced so far, in the order of <see cref="Add"/>.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>How many of them cannot be considered: the study rejected them before it measured anything else.</summary>
    public int Unmeasured => _unmeasured.Count;

    /// <summary>Prices a trial on the new device.</summary>
    /// <returns>The trial as this device sees it: rejected when it breaks a limit, or when its accuracy was never measured.</returns>
    /// <exception cref="HoneException">The device cannot run an operation, or lacks a metric of the objectives.</exception>
    public Trial Add(Trial trial)
    {
        if (trial.Outcome is Outcome.Evaluated) _evaluated.Add(trial);
        if (trial.Outcome is Outcome.Rejected) _unmeasured.Add(trial.Ordinal);
        Trial now = trial.Outcome switch
        {
            Outcome.Evaluated evaluated => trial with { Outcome = Priced(trial, evaluated) },
            Outcome.Rejected rejected => trial with
            {
                Outcome = new Outcome.Rejected(new Rejection("accuracy", $"not measured: the study rejected it before ({rejected.Why.Constraint}: {rejected.Why.Reason})")),
            },
            _ => trial,
        };
        _trials.Add(now);
        return now;
    }

    /// <summary>The front of what was added.</summary>
    /// <exception cref="HoneException">No trial keeps the limits there.</exception>
    public Front Front()
    {
        int? fidelity = FrontFidelity.Of(_evaluated);   // whatever this device rejects of them
        ValueList<FrontMember> members = FrontSelection.Members(_trials.Where(t => t.Fidelity == fidelity), _objectives);
        if (members.Count > 0) return new Front(_study.Spec.Study, _study.Spec.Method, _study.Spec.Seed, _objectives, members, Fidelity: fidelity);
        if (_evaluated.Count == 0) throw new HoneException($"{_study.Spec.Study}: expected evaluated trials to draw a front from, there are none yet; ask again later");
        Trial? nearest = _trials.FirstOrDefault(t => t.Outcome is Outcome.Rejected && !_unmeasured.Contains(t.Ordinal));
        throw new HoneException($"{_study.Spec.Study} on {_device.Name}: none of {_trials.Count} trials keeps {string.Join(" and ", _limits)}"
            + (nearest is { Outcome: Outcome.Rejected r } ? $" (for example trial {nearest.Ordinal}: {r.Why.Reason})" : "") + "; give another limit with --at-most or --at-least METRIC=VALUE");
    }

    /// <summary>The front drawn again once its members were measured on the device; those that others dominate then, or that break a limit, are demoted.</summary>
    /// <exception cref="HoneException">None keeps the limits.</exception>
    public Front Redrawn(Front front, IReadOnlyList<FrontMember> measured)
    {
        var (kept, demoted) = MeasuredFront.Draw(measured, _objectives, _limits);
        return front with { Members = kept, Demoted = demoted, Reproducible = false };
    }

    /// <summary>Where the front's time goes on the new device.</summary>
    /// <exception cref="HoneException">As <see cref="FrontCosts.Of"/>.</exception>
    public FrontCosts Costs(Front front) => FrontCosts.Of(_study, front.Members, [_spec], _open);

    private Outcome Priced(Trial trial, Outcome.Evaluated evaluated)
    {
        Workload workload = _study.Lower(_study.Space.Parse(trial.Key));
        Quote quote = _device.Price(Schedule.Once(workload));
        if (quote.Why is [{ Constraint: "coverage" } uncovered, ..]) throw new HoneException($"{_study.Spec.Study}: {uncovered.Reason}; choose a device that covers every operation");
        if (quote.Why is [{ Constraint: TableDevice.Unmeasured } unmeasured, ..]) throw new HoneException($"{_study.Spec.Study}: {unmeasured.Reason}; have a node measure them (`hone device attach`), and ask again");
        if (_judge.Rejects(workload, [quote]) is { } why) return new Outcome.Rejected(why);
        ValueList<Measurement> learned = [.. evaluated.Measurements.Where(m => m.Device is null)];
        if (Limits.Broken(learned, _limits) is { } broken) return new Outcome.Rejected(broken);
        ValueList<Measurement> measurements = [.. learned, .. quote.Totals];
        foreach (Objective objective in _objectives)
            if (!measurements.Any(m => m.Metric == objective.Metric))
                throw new HoneException($"{_device.Name} says nothing of the objective '{objective.Metric}'; it says {string.Join(", ", quote.Totals.Select(m => m.Metric))}");
        return new Outcome.Evaluated(measurements);
    }
}
