using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary><c>hone retry --failed</c>: asks for the candidates of failed trials once more.</summary>
internal static class RetryVerb
{
    public static Command Create(Terminal terminal)
    {
        var failed = new Option<bool>("--failed") { Description = "the failed trials: all that no retry has answered", Required = true };
        return RequestStep.Create(terminal, "retry",
            "Evaluate the candidates of a study's failed trials once more, as further trials that name the failed ones; the front is finished anew.", [failed], (study, _) => study.Retry());
    }
}
