using System.Diagnostics;
using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Client.Silo;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Chaos;

/// <summary>
/// Runs a study twice at once: undisturbed on a silo with a store of its own, and on a cluster whose members are killed. The journals must be the same, and what is read of the
/// disturbed one meanwhile must never fall back.
/// </summary>
internal sealed class ChaosRun(StudyFile study, ChaosPlan plan, string folder, Action<string> note)
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2), Down = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(60), Starting = TimeSpan.FromMinutes(3);
    private readonly JournalWitness _witness = new();
    private readonly Invariant _recovered = new($"work goes on within {Patience.TotalSeconds:0} s of a kill");
    private readonly Invariant _same = new("the journal is that of the undisturbed run"), _file = new("the watching client wrote that journal");
    private readonly List<DeathRecord> _deaths = [];
    private readonly ChaosView _view = new(note);

    public async Task<ChaosResult> RunAsync(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using ChaosCluster cluster = await ChaosCluster.StartAsync(folder, study.Spec.Study, cancel);
        note($"a store, a control silo and {ChaosCluster.Workers} workers run; an undisturbed silo beside them");
        Task<string[]> undisturbed = UndisturbedAsync(end.Token);
        try
        {
            Task<RunState> follow = FollowAsync(new RemoteSession(cluster.Option) { First = Starting }, "followed", _view, end.Token);
            await CommittedAsync(1, follow, cancel);
            long start = Stopwatch.GetTimestamp();
            cluster.StartClient();
            Task reading = ReadAsync(cluster.Option, follow, end.Token);
            await KillAsync(cluster, start, follow, cancel);
            RunState done = await follow;
            await reading;
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            string[] expected = await undisturbed;
            _same.Check(done.Status.Phase == StudyPhase.Done && expected.SequenceEqual(_witness.Seen), () => Difference(expected, _witness.Seen));
            if (cluster.ClientRuns) await FileAsync(cluster, expected, cancel);
            return new ChaosResult(plan.Seed, _witness.Seen.Count, elapsed, _deaths, [.. _witness.All, _recovered, _same, _file]);
        }
        finally
        {
            await end.CancelAsync();
            await undisturbed.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);   // its silo ends with it
        }
    }

    private async Task KillAsync(ChaosCluster cluster, long start, Task follow, CancellationToken cancel)
    {
        Dictionary<(Victim, int), Task> starting = [];
        foreach (Death planned in plan.Deaths(ChaosCluster.Workers))
        {
            Death death = planned.Victim == Victim.Worker ? planned : planned with { Which = 0 };
            TimeSpan wait = death.At - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.WhenAny(Task.Delay(wait, cancel), follow);
            cancel.ThrowIfCancellationRequested();
            if (follow.IsCompleted) break;
            if (starting.Remove((death.Victim, death.Which), out Task? before)) await before;   // it must live to die
            TimeSpan at = Stopwatch.GetElapsedTime(start);
            int committed = _view.Committed;
            long killed = Stopwatch.GetTimestamp();
            await cluster.KillAsync(death);
            if (death.Victim == Victim.Client) File.Delete(ClientFile(cluster));   // the next one writes it anew
            long began = 0;
            starting[(death.Victim, death.Which)] = RestartAsync(cluster, death, () => began = Stopwatch.GetTimestamp(), cancel);
            bool on = death.Victim == Victim.Client ? await UntilAsync(() => Written(cluster) >= committed, follow, cancel) : await UntilAsync(() => _view.Committed > committed, follow, cancel);
            TimeSpan took = Stopwatch.GetElapsedTime(killed);
            _recovered.Check(on, () => $"nothing new for {took.TotalSeconds:0} s after the {death.Victim} was killed at {at.TotalSeconds:0} s");
            _deaths.Add(new DeathRecord(death.Victim, at, on ? took : null, began == 0 ? null : Stopwatch.GetElapsedTime(killed, began)));
            note($"{at.TotalSeconds,6:0.0} s  killed {death.Victim.ToString().ToLowerInvariant()} at {committed} trials; {(on ? $"on again after {took.TotalSeconds:0.0} s" : "it did not go on")}");
        }
        await Task.WhenAll(starting.Values);
    }

    // A client that gives up because nobody answers for long says that it be started again; so it is.
    private async Task FileAsync(ChaosCluster cluster, string[] expected, CancellationToken cancel)
    {
        int? code = await cluster.ClientEndedAsync(Patience);
        for (int again = 0; again < 3 && code is not (0 or null); again++)
        {
            cluster.StartClient();
            code = await cluster.ClientEndedAsync(Patience);
        }
        string[] written = File.Exists(ClientFile(cluster)) ? await File.ReadAllLinesAsync(ClientFile(cluster), cancel) : [];
        _file.Check(code == 0 && expected.SequenceEqual(written), () => $"exit code {(code is { } ended ? $"{ended}" : "none")}; {Difference(expected, written)}");
    }

    private static async Task RestartAsync(ChaosCluster cluster, Death death, Action begins, CancellationToken cancel)
    {
        await Task.Delay(Down, cancel);
        begins();
        await cluster.StartAsync(death, cancel);
    }

    // From the first line each time: whatever a silo's death could do to the journal, the next reading shows.
    private async Task ReadAsync(ClusterOption cluster, Task follow, CancellationToken cancel)
    {
        await using var session = new RemoteSession(cluster) { First = Starting };
        for (bool last = false; ;)
        {
            last |= follow.IsCompleted;
            try
            {
                IStudySource source = await session.OpenAsync(study.Spec.Study, cancel);
                List<TrialLine> lines = [];
                await using IAsyncEnumerator<StudyUpdate> updates = source.Watch(0, cancel).GetAsyncEnumerator(cancel);
                while (await updates.MoveNextAsync().AsTask().WaitAsync(Patience / 6, cancel) && updates.Current is { Status.Error: null } update)
                {
                    lines.AddRange(update.Trials);
                    if (lines.Count < update.Status.Counts.Committed) continue;
                    _witness.Read(lines, update.Status.Objectives);
                    session.Progressed();
                    if (last) return;
                    break;
                }
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is not OutOfMemoryException)
            {
                // Nobody answered: a silo is dead at the moment.
            }
            await Task.WhenAny(Task.Delay(ReadEvery, cancel), last ? Task.Delay(ReadEvery, cancel) : follow);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task<string[]> UndisturbedAsync(CancellationToken cancel)
    {
        var launch = new SiloLaunch(SiloProgram.Find(), Path.Combine(folder, "undisturbed"), "both", ChaosCluster.Workers);
        await FollowAsync(new LocalSession(launch, note), "expected", new QuietView(), cancel);
        return await File.ReadAllLinesAsync(Path.Combine(folder, "expected", "trials.jsonl"), cancel);
    }

    private async Task<RunState> FollowAsync(IStudySession session, string name, IRunView view, CancellationToken cancel)
    {
        await using (session)
        {
            using var results = new ResultFolder(Path.Combine(folder, name), TimeProvider.System);
            return await new RunFollower(session, results, view, TimeProvider.System).FollowAsync(study.Spec.Study, study.Canonical, cancel);
        }
    }

    private async Task CommittedAsync(int least, Task follow, CancellationToken cancel)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Starting && !follow.IsCompleted;)
            if (await UntilAsync(() => _view.Committed >= least, follow, cancel)) return;
        cancel.ThrowIfCancellationRequested();
        if (follow.IsCompleted) await follow;
        throw new HoneException($"chaos: expected a first trial of {study.Spec.Study} within {Starting.TotalSeconds:0} s, there is none; a study that trains for long before it searches leaves nothing to look at: choose another one");
    }

    private static async Task<bool> UntilAsync(Func<bool> it, Task follow, CancellationToken cancel)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(50, cancel))
            if (it() || follow.IsCompletedSuccessfully) return true;
            else if (follow.IsCompleted) return false;
        return false;
    }

    private static int Written(ChaosCluster cluster)
    {
        if (!File.Exists(ClientFile(cluster))) return 0;
        using var file = new StreamReader(new FileStream(ClientFile(cluster), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        int lines = 0;
        while (file.ReadLine() is not null) lines++;
        return lines;
    }

    private static string ClientFile(ChaosCluster cluster) => Path.Combine(cluster.ClientFolder, "trials.jsonl");

    private static string Difference(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        int first = Enumerable.Range(0, Math.Min(expected.Count, found.Count)).FirstOrDefault(i => expected[i] != found[i], -1);
        return first >= 0 ? $"line {first}: expected {expected[first]}, got {found[first]}" : $"expected {expected.Count} lines, got {found.Count}";
    }
}
