using System.Globalization;
using Hone.Model;
using Hone.Search;

namespace Hone.Studies.Analysis;

/// <summary>Why a candidate stands where it stands: where its latency goes, which limit it breaks, which members of the front are better.</summary>
public static class Explaining
{
    private const int MostDominators = 5;

    /// <param name="trials">The committed trials, in ordinal order.</param>
    /// <param name="asked">An ordinal, or a candidate's key.</param>
    /// <exception cref="HoneException">No such ordinal, or not a key of the space.</exception>
    public static Explanation Of(IStudy study, IReadOnlyList<Trial> trials, string asked)
    {
        Candidate candidate = Find(study, trials, asked);
        Trial? trial = trials.FirstOrDefault(t => t.Key == candidate.Key);   // later ones are its duplicates
        Workload workload = study.Lower(candidate);
        ValueList<DevicePrice> priced = study.Spec.Devices.Select(d => new DevicePrice(d.Name, DeviceCatalog.Open(d).Price(Schedule.Once(workload)))).ToValueList();
        ValueList<FrontMember> dominators = trial is { Outcome: Outcome.Evaluated } ? Dominators(trial, trials, study.Spec.Objectives) : [];
        (string standing, string? reason) = trial?.Outcome switch
        {
            Outcome.Rejected rejected => ("rejected", $"{rejected.Why.Constraint}: {rejected.Why.Reason}"),
            Outcome.Failed failed => ("failed", $"{failed.Code}: {failed.Message}"),
            Outcome.Evaluated => (dominators.Count > 0 ? "dominated" : "on-front", null),
            _ => ("not-asked", new PriceJudge(study.Spec).Rejects(workload, [.. priced.Select(p => p.Quote)]) is { } why ? $"{why.Constraint}: {why.Reason}" : null),
        };
        return new Explanation(candidate.Key, trial, standing, reason, priced, dominators, study.Spec.Objectives);
    }

    private static Candidate Find(IStudy study, IReadOnlyList<Trial> trials, string asked)
    {
        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
            return ordinal < trials.Count ? study.Space.Parse(trials[ordinal].Key)
                : throw new HoneException($"{study.Spec.Study}: expected an ordinal below {trials.Count}, the trials committed so far, got {ordinal}");
        try
        {
            return study.Space.Parse(asked);
        }
        catch (FormatException e)
        {
            throw new HoneException($"{study.Spec.Study}: expected an ordinal or a candidate's key as trials.jsonl shows it: {e.Message}", e);
        }
    }

    // By the values of the search, which all candidates have on the same images.
    private static ValueList<FrontMember> Dominators(Trial trial, IReadOnlyList<Trial> trials, ValueList<Objective> objectives)
    {
        double[] mine = Losses.Of(trial, objectives);   // (m)
        return FrontSelection.Members(trials, objectives).Where(member => member.Key != trial.Key && NoWorse(Losses.Of(member, objectives), mine)).Take(MostDominators).ToValueList();
    }

    private static bool NoWorse(double[] losses, double[] than)
    {
        for (int i = 0; i < losses.Length; i++)
            if (losses[i] > than[i]) return false;
        return true;
    }
}
