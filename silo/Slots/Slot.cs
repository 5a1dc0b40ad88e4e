using Hone.Contracts;
using Hone.Model;
using Hone.Silo.Telemetry;
using Hone.Studies;

namespace Hone.Silo.Slots;

/// <summary>One compute slot: lease, work, heartbeat, answer. Runs on a thread of its own and keeps the last study's work open from job to job.</summary>
/// <param name="memory">Its share of the memory that this process may use, bytes.</param>
internal sealed class Slot(string name, long memory, IJobQueueGrain queue, WorkPlace place, ILogger<Slot> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);   // where the queue cannot be reached
    private readonly SlotInfo _info = new(name, Neural.Numerics.Machine, memory);
    private readonly SlotTelemetry _telemetry = new(name, place.Clock, log);
    private string? _openSpec;
    private IStudyWork? _work;

    public void Run(CancellationToken stop)
    {
        NativePriority.Lower();
        while (!stop.IsCancellationRequested)
            if (!Attempt(() => queue.Lease(_info), out JobLease? lease)) stop.WaitHandle.WaitOne(Pause);
            else if (lease is not null) Do(lease, stop);
        _work?.Dispose();
        _telemetry.Dispose();
    }

    private void Do(JobLease lease, CancellationToken stop)
    {
        using var heart = new Heart(queue, _info, lease, stop);
        _telemetry.Begin(lease.Job);
        try
        {
            stop.ThrowIfCancellationRequested();   // it came while the silo began to stop
            JobResult result = Work(lease, heart);
            Deliver(() => queue.Complete(lease, result), stop);
            _telemetry.End("completed");
        }
        catch (OperationCanceledException)
        {
            if (stop.IsCancellationRequested) Release(lease, "the silo is stopping", drain: true);
        }
        catch (Exception e) when (Verdict.Of(lease.Job.Kind, e) is { } failure)
        {
            Deliver(() => queue.Fail(lease, failure), stop);
            _telemetry.End("failed");
        }
        catch (Exception e)
        {
            log.LogWarning(e, "slot {Slot}: {Job} broke off", name, lease.Job.Id);
            _telemetry.End("lost");
            Close();
            Release(lease, Verdict.Reason(name, e), drain: false);
            stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));   // a full disk is not mended by haste
        }
        finally
        {
            _telemetry.End("cancelled");
        }
    }

    private JobResult Work(JobLease lease, Heart heart)
    {
        Job job = lease.Job;
        IStudyWork work = Open(job);
        if (job.Data is { } expected && work.Data is { } here && here != expected) throw new HoneException(Verdict.OtherData(StudyOf(job).Spec.Data, expected, here));
        switch (job.Kind)
        {
            case JobKind.Prepare:
                return Prepare(lease, work, heart) with { Numerics = _info.Numerics, Data = work.Data };
            case JobKind.Check:
                return new JobResult(Numerics: _info.Numerics, Data: work.Data);
            case JobKind.Evaluate when job.Keys.Count > 0:
                return new JobResult(Each: job.Keys.Select(key => Each(job, work, key, heart)).ToValueList(), Numerics: _info.Numerics);
            case JobKind.Evaluate:
                Evaluation evaluation = work.Evaluate(job.Shared!.Value, StudyOf(job).Space.Parse(job.Key), job.Images, Training(lease, work, heart), heart.Token);
                return new JobResult(evaluation.Trained, evaluation.Measurements, evaluation.Correct, Numerics: _info.Numerics);
            default:
                FinishedMember member = work.Finish(job.Shared!.Value, job.Member!, new TrainedCandidate(Share(job), There(job.Trained)), heart, heart.Token);
                return new JobResult(Measurements: member.Measurements,
                    Artifacts: member.Files.Select(f => new Artifact(f.Path, f.Blob)).ToValueList(), Numerics: _info.Numerics);
        }
    }

    // One of several: an error that its evaluation reports says nothing about the others.
    private CandidateResult Each(Job job, IStudyWork work, string key, Heart heart)
    {
        try
        {
            Evaluation evaluation = work.Evaluate(job.Shared!.Value, StudyOf(job).Space.Parse(key), job.Images, CandidateTraining.Of(Share(job)), heart.Token);
            return new CandidateResult(evaluation.Measurements, evaluation.Correct);
        }
        catch (Exception e) when (Verdict.Of(job.Kind, e) is { } failure)
        {
            return new CandidateResult([], null, failure);
        }
    }

    private JobResult Prepare(JobLease lease, IStudyWork work, Heart heart) => lease.Job.Round switch
    {
        null => new JobResult(Shared: work.Prepare(lease.Job.Checkpoint, Checkpointed(lease, work), heart, heart.Token)),
        { Closes: true } last => new JobResult(Shared: work.Close(last)),
        { } round => new JobResult(Round: work.Round(round, lease.Job.Checkpoint, Checkpointed(lease, work), heart, heart.Token)),
    };

    // A checkpoint whose bytes are gone costs the steps up to it, no more: the result is the same from the beginning.
    private CandidateTraining Training(JobLease lease, IStudyWork work, Heart heart) => new(
        Share(lease.Job), There(lease.Job.Checkpoint), Checkpointed(lease, work), heart);

    private BlobId? There(BlobId? blob) => blob is { } at && place.Blobs.Has(at) ? at : null;

    private double Share(Job job) => StudyOf(job).Spec.Search.Share(job.Fidelity);

    private Action<BlobId, long> Checkpointed(JobLease lease, IStudyWork work) => (blob, step) =>
        queue.Checkpoint(lease, new TrainingCheckpoint(blob, step, _info.Numerics, work.Data, lease.Job.Round)).GetAwaiter().GetResult();

    private IStudyWork Open(Job job)
    {
        if (_work is not null && _openSpec == job.Spec) return _work;
        Close();
        IStudy study = StudyOf(job);
        (_openSpec, _study) = (job.Spec, study);
        return _work = study.Work(place);
    }

    private IStudy? _study;

    private IStudy StudyOf(Job job) => _openSpec == job.Spec && _study is not null ? _study : StudyCatalog.Open(SpecText.Parse(job.Spec));

    private void Close()
    {
        _work?.Dispose();
        (_work, _openSpec, _study) = (null, null, null);
    }

    // An answer is kept until the queue took it; a silo that is stopping drops it, and the work is done again.
    private static void Deliver(Func<Task> call, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                call().GetAwaiter().GetResult();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                stop.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private void Release(JobLease lease, string reason, bool drain) => Attempt<object?>(async () =>
    {
        await queue.Release(lease, reason, drain);
        return null;
    }, out _);

    private bool Attempt<T>(Func<Task<T?>> call, out T? answer)
    {
        try
        {
            answer = Task.Run(call).GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e)
        {
            log.LogDebug(e, "slot {Slot}: the queue did not answer", name);
            answer = default;
            return false;
        }
    }
}
