using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary><c>hone stop</c>: ends a search early and finishes its front.</summary>
internal static class StopVerb
{
    public static Command Create(Terminal terminal) => RequestStep.Create(terminal, "stop",
        "End a study's search now and finish the front of the trials so far, as if its budget had been just these. `hone resume` or `hone extend` reopens it.",
        [], (study, _) => study.Stop());
}
