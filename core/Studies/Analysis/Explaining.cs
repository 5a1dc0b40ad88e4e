using System.Globalization;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Search;

namespace Hone.Studies.Analysis;

/// <summary>Why a candidate stands where it stands: where its latency goes, which limit it breaks, which members of the front are better.</summary>
public static class Explaining
{
    private const int MostDominators = 5;

    /// <param name="trials">The committed trials, in ordinal order.</param>
    /// <param name="asked">An ordinal, or a candidate's key.</param>
    /// <param name="open">Opens the study's devices.</param>
    /// <exception cref="SpecException">No such ordinal, or not a key of the space.</exception>
    public static Explanation Of(IStudy study, IReadOnlyList<Trial> trials, string asked, Func<DeviceSpec, IDevice> open)
    {
        (Candidate candidate, Trial? trial, int? duplicateAt) = Find(study, trials, asked);
        Workload workload = study.Lower(candidate);
        ValueList<DevicePrice> priced = study.PricedByEvaluation ? [] : study.Spec.Devices.Select(d => new DevicePrice(d.Name, open(d).Price(Schedule.Once(workload)))).ToValueList();
        Place place = trial?.Outcome switch
        {
            Outcome.Rejected rejected => new Place("rejected", Text(rejected.Why)),
            Outcome.Failed failed => new Place("failed", $"{failed.Code}: {failed.Message}"),
            Outcome.Evaluated when FrontFidelity.Of(trials) is { } drawn && trial.Fidelity != drawn => new Place("lower-rung", $"evaluated on rung {trial.Fidelity}, the front is drawn from rung {drawn}: their values cannot be compared"),
            Outcome.Evaluated when Limits.Broken(trial.Measurements, study.Spec.Constraints) is { } why => new Place("infeasible", Text(why)),
            Outcome.Evaluated => Among(trial, trials, study.Spec),
            _ => new Place("not-asked", new PriceJudge(study.Spec).Rejects(workload, [.. priced.Select(p => p.Quote)]) is { } why ? Text(why) : null),
        };
        return new Explanation(candidate.Key, trial, place.Standing, place.Reason, priced, place.Dominators.Take(MostDominators).ToValueList(), place.Dominators.Count, study.Spec.Objectives, duplicateAt);
    }

    private sealed record Place(string Standing, string? Reason, ValueList<Dominator> Dominators = default);

    private static (Candidate, Trial?, int? DuplicateAt) Find(IStudy study, IReadOnlyList<Trial> trials, string asked)
    {
        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
        {
            if (ordinal >= trials.Count) throw new SpecException($"{study.Spec.Study}: expected an ordinal below {trials.Count}, the trials committed so far, got {ordinal}");
            Trial trial = trials[ordinal];
            return trial.Outcome is Outcome.Duplicate duplicate ? (study.Space.Parse(trial.Key), trials[duplicate.Of], ordinal) : (study.Space.Parse(trial.Key), trial, null);
        }
        try
        {
            Candidate candidate = study.Space.Parse(asked);
            return (candidate, trials.LastOrDefault(t => t.Key == candidate.Key && t.Outcome is not Outcome.Duplicate), null);   // the last: an earlier one may have failed
        }
        catch (FormatException e)
        {
            throw new SpecException($"{study.Spec.Study}: expected an ordinal or a candidate's key as trials.jsonl shows it: {e.Message}");
        }
    }

    // By the values of the search, which all candidates have on the same images; a trial that breaks a limit is on no front.
    private static Place Among(Trial trial, IReadOnlyList<Trial> trials, StudySpec spec)
    {
        double[] mine = Losses.Of(trial, spec.Objectives);   // (m)
        ValueList<FrontMember> front = FrontSelection.Members(FrontFidelity.Trials(trials).Where(t => Limits.Broken(t.Measurements, spec.Constraints) is null), spec.Objectives);
        var dominators = new List<Dominator>();
        foreach (FrontMember member in front)
        {
            if (member.Ordinal == trial.Ordinal) return new Place("on-front", null);
            double[] losses = Losses.Of(member, spec.Objectives);
            if (losses.SequenceEqual(mine)) return new Place("equalled", $"trial {member.Ordinal} has the same values and came first");
            if (NoWorse(losses, mine)) dominators.Add(new Dominator(member.Ordinal, member.Key, member.Measurements, Leads(member.Measurements, trial.Measurements, spec.Objectives)));
        }
        return new Place("dominated", null, dominators.ToValueList());
    }

    private static ValueList<Lead> Leads(ValueList<Measurement> better, ValueList<Measurement> mine, ValueList<Objective> objectives)
    {
        var leads = new List<Lead>();
        foreach (Objective objective in objectives)
        {
            Measurement a = better.First(m => m.Metric == objective.Metric), b = mine.First(m => m.Metric == objective.Metric);
            if (a.Value != b.Value) leads.Add(new Lead(objective.Metric, ModelResolution.Difference(a.Value, b.Value), ModelResolution.Of(b)?.Percent));
        }
        return leads.ToValueList();
    }

    private static bool NoWorse(double[] losses, double[] than)
    {
        for (int i = 0; i < losses.Length; i++)
            if (losses[i] > than[i]) return false;
        return true;
    }

    private static string Text(Rejection why) => $"{why.Constraint}: {why.Reason}";
}
