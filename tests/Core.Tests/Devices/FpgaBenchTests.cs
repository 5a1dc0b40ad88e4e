using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaBenchTests
{
    [Fact]
    public void TheBenchmarkTimesEveryWorkloadByTheClockItIsGiven()
    {
        FpgaSpeed speed = FpgaBench.Run(new TickingClock(), workloads: 4_000);
        // 16 batches of 250 on the chosen engine, one of them searched and priced plainly; each batch takes one tick of 1 ms.
        Assert.Equal(new FpgaSpeed(4_000, 4_000 / 0.016, 250_000, 250_000), speed);
    }

    [Fact]
    public void PricingOnAChosenEngineAllocatesNothing()
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        Workload net = FpgaBench.Subnet(new Chance(3, Streams.Sampling), "net");
        double first = device.LatencyMs(net, 12);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double again = device.LatencyMs(net, 12);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(first, again);
    }

    /// <summary>Every look at this clock moves it on by a millisecond.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => ++_now;
    }
}
