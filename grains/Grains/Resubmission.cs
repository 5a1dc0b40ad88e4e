using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Grains;

/// <summary>A study submitted again under its name must be the same study; only its budget may grow, and its place among others change.</summary>
internal static class Resubmission
{
    /// <exception cref="SpecException">Something other than budget and schedule differs; the message names it.</exception>
    public static void Check(string known, string now)
    {
        var before = (JsonObject)JsonNode.Parse(known)!;
        var after = (JsonObject)JsonNode.Parse(now)!;
        foreach (string key in before.Select(p => p.Key).Union(after.Select(p => p.Key)).Where(k => k is not ("budget" or "schedule")))
            if (StudyJson.Canonical(before[key] ?? new JsonObject()) != StudyJson.Canonical(after[key] ?? new JsonObject()))
                throw new SpecException($"{key}: the study '{before["study"]}' exists here with another '{key}'; "
                    + "give the study a new name, or use another --data-dir");
        int had = StudySpec.Parse(before).Budget.Trials, asked = StudySpec.Parse(after).Budget.Trials;
        if (asked < had) throw new SpecException($"budget.trials: the study has a budget of {had} already and can only be extended; got {asked}");
    }
}
