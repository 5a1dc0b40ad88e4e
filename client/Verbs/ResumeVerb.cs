using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary><c>hone resume</c>: goes on with a paused, stopped or failed study.</summary>
internal static class ResumeVerb
{
    public static Command Create(Terminal terminal) => RequestStep.Create(terminal, "resume",
        "Go on with a paused or failed study; a stopped one searches on up to its budget. Where no silo with compute slots runs, `hone run` with its file does the work.",
        [], (study, _) => study.Resume());
}
