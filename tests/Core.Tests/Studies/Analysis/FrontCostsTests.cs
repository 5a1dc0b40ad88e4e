using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Search;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies.Analysis;

public class FrontCostsTests
{
    private static readonly FrontMember[] Members = [.. Enumerable.Range(0, 12).Select(i => new FrontMember(3 * i + 1, MadeTrials.Key(i), []))];

    private static DeviceCosts Costs(string device)
    {
        IStudy study = MadeTrials.Open(device, "[]");
        return Assert.Single(FrontCosts.Of(study, Members, study.Spec.Devices, DeviceCatalog.Open).Devices);
    }

    [Fact]
    public void AMembersOperationsAddUpToTheTotalThatItsDeviceGives()
    {
        DeviceCosts costs = Costs("\"zcu102-eighth\"");
        FpgaDevice device = MadeTrials.Board(BoardCatalog.Zcu102Eighth);
        Assert.Equal(Members.Select(m => (m.Ordinal, m.Key)), costs.Members.Select(m => (m.Ordinal, m.Key)));
        foreach (MemberCosts member in costs.Members)
        {
            Quote quote = device.Price(Schedule.Once(MadeTrials.Study.Lower(MadeTrials.Study.Space.Parse(member.Key))));
            Assert.Equal((quote.Value("latency_ms"), quote.Used!.Name), (member.Total, member.Configuration));
            Assert.Equal(member.Total, member.Operations.Sum(o => o.Value), 1e-9);
            Assert.Equal(quote.Why.Select(w => $"{w.Constraint}: {w.Reason}"), member.Why);
        }
        Assert.Contains(costs.Members, m => m.Why.Count > 0);
        Assert.Equal(ModelResolution.Of("zcu102-eighth"), costs.Resolution);
    }

    /// <summary>The study's own memory bound, engine and t_net stay; only e_host and t_blk change.</summary>
    [Theory]
    [InlineData("""{"name":"zcu102-eighth","memory_bound":false}""", null, false, 0)]
    [InlineData("""{"name":"zcu102-eighth","engine":"3x32x8-w4a6","network_ms":0.02,"host_ns_per_element":0.5}""", "3x32x8-w4a6", true, 0.02)]
    public void TheRowsOfHostTimesAreThePricesOfTheStudysOwnDevice(string device, string? engine, bool memory, double network)
    {
        DeviceCosts costs = Costs(device);
        (double Element, double Block)[] times = [(0, 0), (0.25, 0), (1, 0), (0, 0.07), (0, 0.30)];
        Assert.Equal(times, costs.HostTimes.Select(r => (r.ElementNs, r.BlockMs)));
        foreach (HostTimeRow row in costs.HostTimes)
        {
            FpgaDevice at = MadeTrials.Board(BoardCatalog.Zcu102Eighth, engine, new HostTimes(network, row.BlockMs, row.ElementNs), memory);
            Assert.Equal(Members.Select(m => MadeTrials.Price(at, m.Key)), row.LatencyMs);
        }
        FpgaDevice other = MadeTrials.Board(BoardCatalog.Zcu102Eighth, engine, new HostTimes(network, 0, 0), !memory);
        Assert.NotEqual(Members.Select(m => MadeTrials.Price(other, m.Key)), costs.HostTimes[0].LatencyMs);   // the memory bound matters here
    }

    [Fact]
    public void OneEngineForTheFrontServesEveryHostTime()
    {
        DeviceCosts costs = Costs("""{"name":"zcu102-eighth","engine":"one"}""");
        string engine = Assert.Single(costs.Members.Select(m => m.Configuration).Distinct());
        FpgaDevice at = MadeTrials.Board(BoardCatalog.Zcu102Eighth, engine, new HostTimes(0, 0, 1));
        Assert.Equal(Members.Select(m => MadeTrials.Price(at, m.Key)), costs.HostTimes[2].LatencyMs);
    }

    [Fact]
    public void OrdersAreComparedPairByPair()
    {
        DeviceCosts costs = Costs("\"zcu102-eighth\"");
        Assert.Equal([(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)], costs.Orders.Select(o => (o.From, o.To)));
        foreach (HostTimeChange order in costs.Orders)
        {
            ValueList<double> a = costs.HostTimes[order.From].LatencyMs, b = costs.HostTimes[order.To].LatencyMs;
            Assert.Equal(KendallTau.Of(a.Span, b.Span), order.Tau);
            var swapped = (from i in Enumerable.Range(0, 12) from j in Enumerable.Range(0, 12) where i < j && a[i] < a[j] != b[i] < b[j] && a[i] != a[j] && b[i] != b[j]
                           select (Members[i].Ordinal, Members[j].Ordinal)).ToList();
            Assert.Equal(swapped.Take(20), order.Swapped.Select(p => (p[0], p[1])));
        }
        Assert.Contains(costs.Orders, o => o.Swapped.Count > 0);   // host time does turn an order round in this sample
    }

    [Fact]
    public void NoMoreThanTwentyTurnedPairsAreListed()
    {
        ValueList<double> up = [.. Enumerable.Range(0, 9).Select(i => (double)i)], down = [.. up.Reverse()];
        ValueList<HostTimeRow> rows = [new(0, 0, up), new(0.25, 0, down), new(1, 0, up), new(0, 0.07, up), new(0, 0.3, up)];
        HostTimeChange turned = HostTimeOrder.Changes(rows, [.. Enumerable.Range(10, 9)])[0];
        Assert.Equal((-1.0, 20), (turned.Tau, turned.Swapped.Count));
        Assert.Equal([10, 11], turned.Swapped[0]);
    }

    [Fact]
    public void TheTextIsTheAgreedOneTheSameEveryTimeAndSaysWhatIsUndefined()
    {
        string text = FrontCosts.Of(MadeTrials.Study, Members[..1], MadeTrials.Study.Spec.Devices, DeviceCatalog.Open).Text();
        Assert.Equal(text, FrontCosts.Of(MadeTrials.Open(), Members[..1], MadeTrials.Study.Spec.Devices, DeviceCatalog.Open).Text());
        JsonObject device = JsonNode.Parse(text)!["devices"]![0]!.AsObject();
        Assert.Equal(["device", "calibration", "unit", "resolution", "members", "hostTimes", "orders"], device.Select(p => p.Key));
        Assert.Equal(["percent", "source"], device["resolution"]!.AsObject().Select(p => p.Key));
        JsonObject member = device["members"]![0]!.AsObject();
        Assert.Equal(["ordinal", "key", "configuration", "total", "operations", "why"], member.Select(p => p.Key));
        Assert.Equal(["op", "block", "value", "boundBy"], member["operations"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal(["elementNs", "blockMs", "latencyMs"], device["hostTimes"]![0]!.AsObject().Select(p => p.Key));
        JsonObject order = device["orders"]![0]!.AsObject();
        Assert.Equal(["from", "to", "tau", "swapped"], order.Select(p => p.Key));
        Assert.Null(order["tau"]);   // one member has no order
    }

    [Fact]
    public void AStudyWithoutDevicesHasNone() => Assert.Equal("{\"devices\":[]}\n", FrontCosts.Of(MadeTrials.Study, Members, [], DeviceCatalog.Open).Text());
}
