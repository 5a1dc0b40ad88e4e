using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class HostTimeOrderTests
{
    private static readonly Workload[] Front = [Nets.Extreme("fm", false), Nets.Extreme("cifar", false), Nets.Extreme("fm", true), Nets.Extreme("cifar", true)];

    [Fact]
    public void TheRowsAreThePricesAt0AQuarterAndOneNanosecond()
    {
        ValueList<HostTimeLatencies> rows = HostTimeOrder.Of(BoardCatalog.Zcu102Eighth, Front);
        Assert.Equal([0, 0.25, 1], rows.Select(r => r.ElementNs));
        var plain = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        for (int i = 0; i < Front.Length; i++)
        {
            Quote quote = plain.Price(Schedule.Once(Front[i]));
            Assert.Equal(quote.Value("latency_ms"), rows[0].LatencyMs[i]);
            foreach (HostTimeLatencies row in rows)
                Assert.Equal(quote.Value("latency_ms")!.Value + row.ElementNs * 1e-6 * quote.Value("host_elements")!.Value, row.LatencyMs[i], 1e-9);
        }
    }

    [Fact]
    public void HostTimeCanTurnTheOrderOfTwoMembersRound()
    {
        var chance = new Chance(1, Streams.Sampling);
        Workload[] front = [.. Enumerable.Range(0, 30).Select(i => FpgaBench.Subnet(chance, $"{i}"))];
        ValueList<HostTimeLatencies> rows = HostTimeOrder.Of(BoardCatalog.Zcu102Eighth, front);
        int turned = 0;
        for (int a = 0; a < front.Length; a++)
            for (int b = 0; b < a; b++)
                if (rows[0].LatencyMs[a] < rows[0].LatencyMs[b] != rows[2].LatencyMs[a] < rows[2].LatencyMs[b]) turned++;
        Assert.InRange(turned, 1, 30 * 29 / 2 - 1);
    }

    [Fact]
    public void WithOneEngineForAllTheRowsAreItsOwn()
    {
        const string engine = "1x8x4-w4a6";
        ValueList<HostTimeLatencies> rows = HostTimeOrder.Of(BoardCatalog.Zcu102Eighth, Front, new FixedEngine(engine, "one for all"));
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        Assert.Equal(Front.Select(w => device.LatencyMs(w, device.IndexOf(engine))), rows[0].LatencyMs);
    }

    [Fact]
    public void AWorkloadThatFitsNoEngineIsNamed()
        => Assert.Contains("'fm smallest'", Assert.Throws<HoneException>(() => HostTimeOrder.Of(BoardCatalog.Zcu102Eighth with { Bram18 = 10 }, Front)).Message);
}
