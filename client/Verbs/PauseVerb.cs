using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary><c>hone pause</c>: a study rests until it is resumed.</summary>
internal static class PauseVerb
{
    public static Command Create(Terminal terminal) => RequestStep.Create(terminal, "pause",
        "Pause a study: its work is cut (training after a checkpoint) and stays so over restarts. `hone resume`, or `hone run` with its file, goes on; the results are those of a run without pause.",
        [], (study, _) => study.Pause());
}
