using System.Runtime.CompilerServices;
using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;

namespace Hone.Client.Tests.Follow;

/// <summary>A study that commits its trials a few at a time and can be told to fail on the way.</summary>
internal sealed class FakeCluster(int trials, int perUpdate = 10) : IStudySession
{
    /// <summary>At these committed counts the connection breaks, once each.</summary>
    public Queue<int> Breaks { get; } = new();

    public StudyStatus? Refusal { get; init; }

    public StudyPhase End { get; init; } = StudyPhase.Done;

    /// <summary>What the study's status is before it is submitted.</summary>
    public StudyStatus Before { get; init; } = Samples.Status(StudyPhase.Prepare, 0);

    public int Opened { get; private set; }

    public int Submitted { get; private set; }

    public List<int> Watched { get; } = [];

    public int Progresses { get; private set; }

    public Task<IStudySource> OpenAsync(string study, CancellationToken cancel)
    {
        Opened++;
        return Task.FromResult<IStudySource>(new Source(this));
    }

    public Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => Task.FromResult(new FolderBlobStore(root).Open(blob));

    public void Progressed() => Progresses++;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int Trials => trials;

    private int PerUpdate => perUpdate;

    private sealed class Source(FakeCluster cluster) : IStudySource
    {
        public CancellationToken Lost => CancellationToken.None;

        public Task<StudyStatus> Submit(string spec)
        {
            cluster.Submitted++;
            return Task.FromResult(cluster.Refusal ?? Samples.Status(StudyPhase.Prepare, 0));
        }

        public Task<StudyStatus> Status() => Task.FromResult(cluster.Before);

        public async IAsyncEnumerable<StudyUpdate> Watch(int from, [EnumeratorCancellation] CancellationToken cancel)
        {
            cluster.Watched.Add(from);
            if (from == 0) yield return new StudyUpdate(Samples.Status(StudyPhase.Prepare, 0, new("training the supernet", 10, 100)), []);
            for (int next = from; ;)
            {
                await Task.Yield();
                int count = Math.Min(cluster.PerUpdate, cluster.Trials - next);
                int before = next;
                next += count;
                if (cluster.Breaks.TryPeek(out int at) && at <= next)
                {
                    cluster.Breaks.Dequeue();
                    throw new TimeoutException("the silo is gone");
                }
                StudyPhase phase = next == cluster.Trials ? cluster.End : StudyPhase.Search;
                yield return new StudyUpdate(Samples.Status(phase, next), [.. Enumerable.Range(before, count).Select(Samples.Line)]);
                if (phase != StudyPhase.Search) yield break;
            }
        }
    }
}

/// <summary>Remembers what it was shown.</summary>
internal sealed class Recorder : IRunView
{
    public List<RunState> States { get; } = [];

    public List<string> Notes { get; } = [];

    public void Show(RunState state) => States.Add(state);

    public void Note(string line) => Notes.Add(line);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
