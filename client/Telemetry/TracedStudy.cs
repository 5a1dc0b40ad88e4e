using System.Diagnostics;
using Hone.Contracts;
using Hone.Contracts.Telemetry;

namespace Hone.Client.Telemetry;

/// <summary>What a command tells of its part in a study's traces.</summary>
internal static class TracedStudy
{
    /// <summary>Submits within a span: the trials that are asked after it link to it.</summary>
    public static async Task<StudyStatus> SubmitTraced(this IStudyGrain study, string spec)
    {
        Activity? span = HoneTrace.Begin(Span.Submit);
        span?.SetTag("hone.study", study.GetPrimaryKeyString());
        try
        {
            using (HoneTrace.Enter(span)) return await study.Submit(spec);
        }
        finally
        {
            span.End();
        }
    }

    /// <summary>Ends the traces of an update's trials here, where they are seen.</summary>
    public static void Received(StudyUpdate update)
    {
        foreach (TrialTrace trial in update.Traces) HoneTrace.Begin(Span.Receive, trial.Trace, trial.Committed).End();
    }
}
