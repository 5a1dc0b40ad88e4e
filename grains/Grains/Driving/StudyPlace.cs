using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Journal;
using Hone.Grains.Telemetry;
using Hone.Model;
using Hone.Studies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Grains.Driving;

/// <summary>A study that cannot go on by itself for reasons outside it; it pauses with the reason and loses nothing.</summary>
internal sealed class PausedException(string reason) : HoneException(reason)
{
    /// <param name="what">The work, as a person calls it.</param>
    /// <param name="report">Says why nobody does it.</param>
    public static PausedException Of(string what, JobReport report) => new($"{what}: {report.Stuck}; mend the cause and run the study again");
}

/// <summary>What the phases of a study share: its durable state, the cluster around it, and its inbox of job reports.</summary>
internal sealed class StudyPlace
{
    private readonly IPersistentState<StudyState> _state;
    private readonly Dictionary<string, JobReport> _inbox = new(StringComparer.Ordinal);
    private TaskCompletionSource _arrived = NewSignal();

    public StudyPlace(IPersistentState<StudyState> state, IGrainFactory grains, IBlobStore blobs, BlobRoot blobRoot, TimeProvider clock, JournalStore journal)
    {
        (_state, Grains, Blobs, BlobRoot, Clock, Journal) = (state, grains, blobs, blobRoot.Path, clock, journal);
        SpecText = state.State.Spec!;
        Study = StudyCatalog.Open(Studies.SpecText.Parse(SpecText));
        SupernetKey = BlobId.Of(System.Text.Encoding.UTF8.GetBytes(Study.Shared)).Hex;
    }

    public StudyState State => _state.State;

    public IStudy Study { get; }

    public StudySpec Spec => Study.Spec;

    /// <summary>The canonical text that jobs carry.</summary>
    public string SpecText { get; }

    public string SupernetKey { get; }

    public IGrainFactory Grains { get; }

    public IBlobStore Blobs { get; }

    public string BlobRoot { get; }

    /// <summary>Seconds that the step counter of an evaluation may stand still: one that trains reads images first, as shared training does.</summary>
    public int Stall => Study.Trains ? 300 : 120;

    public TimeProvider Clock { get; }

    public JournalStore Journal { get; }

    /// <summary>Told of what happens; nothing here reads it.</summary>
    public StudyTelemetry Telemetry { get; init; } = new("", TrialSampling.None, TimeProvider.System, NullLogger.Instance);

    public IJobQueueGrain Queue => Grains.GetGrain<IJobQueueGrain>(Capability.Cpu);

    /// <summary>Writes the state as changed; memory has it only then.</summary>
    public Task Save(Func<StudyState, StudyState> change) => _state.Write(change(_state.State));

    /// <summary>The memo of a candidate on so many images, at a fidelity: one for each share of the training, whatever the rungs of the study that asks.</summary>
    public ISubnetGrain Subnet(string key, int images, int? fidelity) => Grains.GetGrain<ISubnetGrain>($"{SupernetKey}/{images}{Part(fidelity)}/{key}");

    /// <summary>The id of the job that evaluates it.</summary>
    public string EvaluationOf(string key, int images, int? fidelity) => $"{Evaluations}{images}{Part(fidelity)}/{key}";

    /// <summary>The key of the solver whose run a job is, where evaluations are such runs.</summary>
    public string SolverOf(string job) => $"{SupernetKey}/{job[Evaluations.Length..]}";

    /// <summary>The job of a solver's key.</summary>
    public string JobOf(string solver) => Evaluations + solver[(SupernetKey.Length + 1)..];

    private string Evaluations => $"{Spec.Study}/evaluate/";

    // "@9" of a ninth of the training; nothing of the whole.
    private string Part(int? fidelity) => fidelity is { } rung && Spec.Search.Rungs?.Divisor(rung) is > 1 and var part ? $"@{part}" : "";

    public void Inbox(JobReport report)
    {
        _inbox[report.Id] = report;
        Wake();
    }

    /// <summary>Ends a wait for reports.</summary>
    public void Wake() => _arrived.TrySetResult();

    public bool HasReport(string job) => _inbox.ContainsKey(job);

    public void DropReports() => _inbox.Clear();

    /// <summary>Takes a job's report out of the inbox; null while there is none.</summary>
    /// <exception cref="PausedException">The job was lost too often, or no slot can take it.</exception>
    public JobReport? Take(string job)
    {
        if (!_inbox.Remove(job, out JobReport? report)) return null;
        return report.Stuck is null ? report : throw PausedException.Of(job, report);
    }

    /// <summary>Waits until a report comes, at most a while.</summary>
    public async Task WaitForReport(TimeSpan most, CancellationToken cancel)
    {
        if (!_arrived.Task.IsCompleted) await Task.WhenAny(_arrived.Task, Task.Delay(most, Clock, cancel));
        if (_arrived.Task.IsCompleted) _arrived = NewSignal();
        cancel.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
