using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>What <see cref="FpgaBench"/> measured, one thread; goals beside, read as ratios.</summary>
/// <param name="Chosen">Workloads per second once the engine is chosen.</param>
/// <param name="Searched">Workloads per second with the search over all engines that fit.</param>
/// <param name="Reference">Workloads per second on one engine by the plain formula, without the memo.</param>
public sealed record FpgaSpeed(int Workloads, double Chosen, double Searched, double Reference)
{
    /// <summary>Workloads per second and thread: a search of 200,000 candidates priced in a second; and 5,000 where each one gets its own engine. [proposal]</summary>
    public const double ChosenGoal = 200_000, SearchedGoal = 5_000;
}

/// <summary>
/// Times the device on random subnets of the CIFAR-10 space of Quasar-ViT. Every workload is an object of its own, built just before its
/// batch is timed; the memo is warm.
/// </summary>
public static class FpgaBench
{
    private const int Chunk = 250;

    /// <summary>Prices <paramref name="workloads"/> distinct workloads three ways, on the calling thread.</summary>
    public static FpgaSpeed Run(TimeProvider clock, int workloads = 200_000, ulong seed = 1)
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        int engine = device.IndexOf("3x32x8-w4a6");
        Engine chosen = device.Engines[engine];
        var chance = new Chance(seed, Streams.Sampling);
        foreach (Workload w in Subnets(chance, 4 * Chunk)) // warm the memo and the code
            if (device.Best(w)?.LatencyMs > device.LatencyMs(w, engine) || !(Plain(w, device.Board, chosen) > 0))
                throw new InvalidOperationException("the search lost to one of its own engines");
        TimeSpan fast = TimeSpan.Zero, search = TimeSpan.Zero, plain = TimeSpan.Zero;
        double sum = 0;
        int searched = 0, done = 0;
        for (; done < workloads; done += Chunk)
        {
            Workload[] chunk = Subnets(chance, Chunk);
            long start = clock.GetTimestamp();
            foreach (Workload w in chunk) sum += device.LatencyMs(w, engine);
            fast += clock.GetElapsedTime(start);
            if (done % (16 * Chunk) != 0) continue; // the slower two ways see every sixteenth batch
            searched += Chunk;
            start = clock.GetTimestamp();
            foreach (Workload w in chunk) sum += device.Best(w)!.Value.LatencyMs;
            search += clock.GetElapsedTime(start);
            start = clock.GetTimestamp();
            foreach (Workload w in chunk) sum += Plain(w, device.Board, chosen);
            plain += clock.GetElapsedTime(start);
        }
        if (!double.IsFinite(sum)) throw new InvalidOperationException("a latency was not finite");
        return new FpgaSpeed(done, done / fast.TotalSeconds, searched / search.TotalSeconds, searched / plain.TotalSeconds);
    }

    /// <summary>A random subnet: width, depth, heads, MLP ratio and the four row ratios of every block.</summary>
    internal static Workload Subnet(Chance chance, string key)
    {
        int width = 64 + 16 * chance.Next(3), depth = 4 + chance.Next(3);
        var blocks = new VitBlock[depth];
        for (int i = 0; i < depth; i++) blocks[i] = new VitBlock(65, 2 + chance.Next(3), 16, 2 + chance.Next(3), Ratio(), Ratio(), Ratio(), Ratio());
        return new VitSample(width, 64, 48, 10, 16, blocks).ToWorkload(key);

        double Ratio() => chance.Next(5) / 4.0;
    }

    /// <summary>Milliseconds on one engine by the plain formula, product by product, for an engine-only board.</summary>
    internal static double Plain(Workload workload, Board board, Engine engine)
    {
        var sink = new PlainSum(board, engine);
        foreach (Op op in workload.Ops) Lowering.Visit(op, null, ref sink);
        return sink.Cycles / (board.ClockMHz * 1e3);
    }

    private static Workload[] Subnets(Chance chance, int count)
    {
        var subnets = new Workload[count];
        for (int i = 0; i < count; i++) subnets[i] = Subnet(chance, $"subnet {chance.Position}");
        return subnets;
    }

    private struct PlainSum(Board board, Engine engine) : IDemand
    {
        public double Cycles { get; private set; }

        public void Gemm(in GemmShape shape, double weight) => Cycles += GemmMemo.Cost(engine, board, shape).Cycles * weight;

        public readonly void Host(double elements, double weight)
        {
        }
    }
}
