using System.Diagnostics;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Contracts.Local;
using Hone.Data;
using Hone.Model;
using Hone.Search;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;
using Hone.Studies;

namespace Hone.Silo.Bench;

/// <summary>
/// What the engine itself carries: durable trials a second of a study whose evaluations cost nothing, on one silo with its slots, from the first thousand to a hundred
/// thousand, with redis-server (append-only file, synced every second) and with the embedded store; the memory of the process at the end; and how long a silo takes to
/// take such a study up again.
/// </summary>
internal static class EngineBench
{
    public const int Trials = 100_000, RateGoal = 5_000, MemoryGoal = 600, Slots = 2;
    private const int Part = 10_000, First = 1_000;

    /// <summary>8 genes, 2 objectives.</summary>
    private static string Spec(int trials) => StudyJson.Canonical(JsonNode.Parse(
        $$"""{"study":"engine","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":8,"levels":101},"objectives":[{"metric":"f1"},{"metric":"f2"}],"search":{"algorithm":"nsga2","population":100,"window":256},"budget":{"trials":{{trials}}},"seed":1}""")!);

    public static IEnumerable<BenchLine> WithRedis() => Lines("redis-server", redis: true);

    public static IEnumerable<BenchLine> Embedded() => Lines("the embedded store", redis: false);

    private static IEnumerable<BenchLine> Lines(string store, bool redis)
    {
        double plain = Plain();
        yield return new BenchLine("engine", "the plain loop: ask, evaluate, tell, in memory", plain, "trials/s", "", null, null, null);
        string folder = Directory.CreateTempSubdirectory("hone-engine-").FullName;
        try
        {
            foreach (BenchLine line in Measured(folder, store, plain, redis)) yield return line;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static IEnumerable<BenchLine> Measured(string folder, string store, double plain, bool redis)
    {
        if (redis && !RedisProcess.IsInstalled)
        {
            yield return new BenchLine("engine", $"{store} is not installed", 0, "trials/s", "", null, null, null);
            yield break;
        }
        Run run = Run.Beside(folder, redis).GetAwaiter().GetResult();
        string goal = $"at least {RateGoal:0}";
        yield return Rate($"{store}: trials {First:N0} to {First + Part:N0}", run.Rate(First, First + Part));
        yield return Rate($"{store}: trials {Trials - Part:N0} to {Trials:N0}", run.Rate(Trials - Part, Trials));
        yield return Rate($"{store}: all {Trials:N0} trials", run.Rate(0, Trials));
        yield return new BenchLine("engine", $"{store}: resident memory of the silo at {Trials:N0} trials{(redis ? "" : ", the store's included")}", run.Memory, "MiB", "", null, $"at most {MemoryGoal}", run.Memory <= MemoryGoal);
        yield return new BenchLine("engine", $"{store}: a silo takes up a study of {Trials:N0} trials, its start included", run.Reopened, "s", "", null, null, null);

        BenchLine Rate(string name, double rate) => new("engine", name, rate, "trials/s", "the plain loop, nothing durable", rate / plain, goal, rate >= RateGoal);
    }

    private static double Plain()
    {
        StudySpec spec = SpecText.Parse(Spec(Trials / 5));
        IStudy study = StudyCatalog.Open(spec);
        using IStudyWork work = study.Work(new WorkPlace(new FolderBlobStore(Path.GetTempPath()), new DataLocator(Surroundings.OfThisMachine()), TimeProvider.System));
        long start = Stopwatch.GetTimestamp();
        var loop = new SearchLoop(SearcherCatalog.Create(spec.Search, study.Space, spec.Objectives, spec.Seed), spec.Objectives, spec.Search.Window, spec.Budget.Trials);
        return loop.Run(asked => new Outcome.Evaluated(work.Evaluate(default, asked.Candidate, 1, default).Measurements)).Count() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <param name="Seconds">Since the search began, by committed trials, as far as it was looked at.</param>
    /// <param name="Memory">MiB.</param>
    /// <param name="Reopened">Seconds.</param>
    private sealed record Run(IReadOnlyList<(int Trials, double Seconds)> Seconds, double Memory, double Reopened)
    {
        public double Rate(int from, int to)
        {
            var (first, last) = (Seconds.First(s => s.Trials >= from), Seconds.First(s => s.Trials >= to));
            return (last.Trials - first.Trials) / (last.Seconds - first.Seconds);
        }

        public static async Task<Run> Beside(string folder, bool redis)
        {
            if (!redis) return await Of(folder, null);
            await using RedisProcess server = await RedisProcess.StartAsync(Path.Combine(folder, "redis"), default);
            return await Of(folder, server.Address);
        }

        private static async Task<Run> Of(string folder, string? redis)
        {
            List<(int, double)> seen = [];
            double memory;
            await using (BenchSilo silo = await BenchSilo.Start(folder, redis, Slots))
            {
                IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("engine");
                StudyStatus status = await study.Submit(Spec(Trials));
                long start = 0;
                while (status.Phase is StudyPhase.Prepare or StudyPhase.Search)
                {
                    if (status.Phase == StudyPhase.Search)
                    {
                        if (start == 0) start = Stopwatch.GetTimestamp();
                        seen.Add((status.Counts.Committed, Stopwatch.GetElapsedTime(start).TotalSeconds));
                    }
                    await Task.Delay(20);
                    status = await study.Status();
                }
                if (status.Error is { } error || status.Phase is StudyPhase.Failed or StudyPhase.Paused) throw new HoneException($"bench engine: {status.Error ?? status.Reason}");
                seen.Add((status.Counts.Committed, Stopwatch.GetElapsedTime(start).TotalSeconds));
                using var self = Process.GetCurrentProcess();
                memory = self.WorkingSet64 / 1048576.0;
                while ((await study.Status()).Phase == StudyPhase.Finish) await Task.Delay(100);   // stopped in between it would say so
            }
            long again = Stopwatch.GetTimestamp();
            await using (BenchSilo silo = await BenchSilo.Start(folder, redis, 0)) await silo.Grains.GetGrain<IStudyGrain>("engine").Status();
            return new Run(seen, memory, Stopwatch.GetElapsedTime(again).TotalSeconds);
        }
    }
}
