using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>What is said of a name that no study has.</summary>
public static class UnknownStudy
{
    public static StudyStatus Status(string name, IReadOnlyCollection<string> known) =>
        new(name, "", StudyPhase.Unknown, null, Message(name, known), 1, new TrialCounts(0, 0, 0, 0, 0), 0, null, [], "", []);

    private static string Message(string name, IReadOnlyCollection<string> known) =>
        $"{name}: expected the name of a study of this cluster, there is none of that name; "
        + (known.Count == 0 ? "there are no studies yet, `hone run STUDY.yaml` starts one"
            : Nearest.Of(name, known) is { } near ? $"did you mean '{near}'? `hone list` shows all" : "`hone list` shows those that are");
}
