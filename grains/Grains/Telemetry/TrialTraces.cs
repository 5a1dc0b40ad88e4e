using System.Diagnostics;
using Hone.Contracts.Telemetry;
using Hone.Model;
using Span = Hone.Contracts.Telemetry.Span;

namespace Hone.Grains.Telemetry;

/// <summary>
/// The traces of a study's trials, one each, from ask to commit. In memory only: the journal and the results know nothing of them, and those of a driver that begins again
/// end where they are. Of a job about several candidates the first traced one has the spans of the job.
/// </summary>
internal sealed class TrialTraces(string study, TrialSampling sampling, TimeProvider clock)
{
    private const int Kept = 256;
    private readonly Dictionary<int, Activity> _open = [];
    private readonly Queue<TrialTrace> _committed = [];   // at most Kept

    /// <summary>What handed the study in; null where that is not traced, or was before this silo had it.</summary>
    public ActivityContext? Submission { get; set; }

    /// <param name="batch">How many candidates of the study go into a job at most.</param>
    public void Asked(int ordinal, Candidate candidate, int batch)
    {
        if (!sampling.Takes(ordinal, batch) || HoneTrace.Begin(Span.Trial, Submission) is not { } trial) return;
        trial.SetTag("hone.study", study).SetTag("hone.ordinal", ordinal).SetTag("hone.key", candidate.Key);
        _open[ordinal] = trial;
    }

    /// <summary>What is done for these trials at once, as a span in the trace of each; what it calls lies in that of the first.</summary>
    public async Task<T> Within<T>(Span span, IEnumerable<int> ordinals, Func<Task<T>> work)
    {
        List<Activity> spans = [.. Traces(ordinals).Select(trace => HoneTrace.Begin(span, trace)).OfType<Activity>()];
        string? error = "it broke off";
        try
        {
            using HoneTrace.Entered _ = HoneTrace.Enter(spans.FirstOrDefault());
            T result = await work();
            error = null;
            return result;
        }
        finally
        {
            spans.ForEach(s => s.End(error: error));
        }
    }

    /// <summary>The traceparent that the job about these trials carries; null: none of them is traced.</summary>
    public string? Of(IEnumerable<int> ordinals) => Traces(ordinals).FirstOrDefault();

    /// <summary>Their page is written: their traces are complete, but for those who watch.</summary>
    public void Committed(IEnumerable<Trial> trials)
    {
        foreach (Trial trial in trials)
        {
            if (!_open.Remove(trial.Ordinal, out Activity? span)) continue;
            span.SetTag("hone.outcome", trial.Outcome.GetType().Name.ToLowerInvariant());
            if (_committed.Count == Kept) _committed.Dequeue();
            if (span.Id() is { } id) _committed.Enqueue(new TrialTrace(trial.Ordinal, id, clock.GetUtcNow()));
            span.End();
        }
    }

    /// <summary>Those of the trials from an ordinal on, so many, that are still remembered.</summary>
    public ValueList<TrialTrace> Page(int from, int count) => _committed.Where(t => t.Ordinal >= from && t.Ordinal < from + count).ToValueList();

    /// <summary>What is open will be asked again, as a trace of its own.</summary>
    public void Cut()
    {
        foreach (Activity span in _open.Values) span.End(error: "the study began again from its journal, or went to another silo");
        _open.Clear();
    }

    private IEnumerable<string> Traces(IEnumerable<int> ordinals) => _open.Count == 0 ? [] : ordinals.Select(o => _open.GetValueOrDefault(o).Id()).OfType<string>();
}
