using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;

namespace Hone.Core.Tests.Devices.Cpu;

public class WorkersTests
{
    private sealed class Counting(int parts) : Step
    {
        public int[] Runs { get; } = new int[parts];

        protected internal override void Part(int part, int of)
        {
            Assert.Equal(Runs.Length, of);
            Runs[part]++;
        }
    }

    private sealed class Failing(int at) : Step
    {
        protected internal override void Part(int part, int parts)
        {
            if (part == at) throw new InvalidOperationException($"part {part}");
        }
    }

    private sealed class Shares(int count) : Step
    {
        public int[] Seen { get; } = new int[count];

        protected internal override void Part(int part, int parts)
        {
            (int from, int to) = Share(Seen.Length, part, parts);
            for (int i = from; i < to; i++) Interlocked.Increment(ref Seen[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryPartRunsOnceInEachStepAlsoAfterAPause(int count)
    {
        using var workers = new Workers(count);
        var step = new Counting(count);
        for (int i = 0; i < 2_000; i++)
        {
            if (i % 500 == 0) Thread.Sleep(20);   // long enough for the workers to fall asleep
            workers.Run(step);
        }
        Assert.All(step.Runs, runs => Assert.Equal(2_000, runs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void AFailureOfAPartIsThrownToTheCallerAndTheWorkersGoOn(int part)
    {
        using var workers = new Workers(3);
        Assert.Equal($"part {part}", Assert.Throws<InvalidOperationException>(() => workers.Run(new Failing(part))).Message);
        var step = new Counting(3);
        workers.Run(step);
        Assert.All(step.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void SharesCoverEveryItemOnce()
    {
        foreach (int count in new[] { 0, 1, 2, 3, 7, 100 })
        {
            using var workers = new Workers(3);
            var step = new Shares(count);
            workers.Run(step);
            Assert.All(step.Seen, seen => Assert.Equal(1, seen));
        }
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        const int m = 7, n = 40, k = 33;
        using var workers = new Workers(2);
        var sample = new Sample(m, n, k);
        var gemm = new ByteGemm(new sbyte[n * k], n, k, new float[n], default, m);
        float[] y = new float[m * n];
        gemm.Run(sample.X, y, m, workers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) gemm.Run(sample.X, y, m, workers);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void WorkersThatHaveEndedRefuseAStep()
    {
        var workers = new Workers(2);
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.Run(new Counting(2)));
    }
}
