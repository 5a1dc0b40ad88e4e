using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary><c>hone extend</c>: gives a study a larger budget.</summary>
internal static class ExtendVerb
{
    public static Command Create(Terminal terminal)
    {
        var trials = new Option<int>("--trials") { Description = "evaluated trials in all, more than the study has now", Required = true };
        return RequestStep.Create(terminal, "extend",
            "Raise a study's budget and nothing else. One that had ended searches on and is finished anew: its trials so far are a prefix of the longer run's.",
            [trials], (study, parsed) => study.Extend(parsed.GetValue(trials)));
    }
}
