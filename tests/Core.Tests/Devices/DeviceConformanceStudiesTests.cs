using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Quantum.Backends;
using Hone.Quantum.Devices;
using Hone.Studies;

namespace Hone.Core.Tests.Devices;

/// <summary>Every method on every device: each candidate is priced, its operations adding up to the total, or refused with the operation or the cap named.</summary>
public class DeviceConformanceStudiesTests
{
    private const int Random = 12;

    /// <summary>Each method of the catalogue with each of its data sets or problems.</summary>
    private static readonly Dictionary<string, string> Studies = new()
    {
        ["quasar-vit fashion-mnist"] = """{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["quasar-vit fashion-clutter"] = """{"study":"s","method":"quasar-vit","data":{"name":"fashion-clutter"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["quasar-vit cifar-10"] = """{"study":"s","method":"quasar-vit","data":{"name":"cifar-10"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["spvit fashion-clutter"] = """{"study":"s","method":"spvit","data":{"name":"fashion-clutter"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["spvit cifar-10"] = """{"study":"s","method":"spvit","data":{"name":"cifar-10"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["heatvit fashion-clutter"] = """{"study":"s","method":"heatvit","data":{"name":"fashion-clutter"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["heatvit cifar-10"] = """{"study":"s","method":"heatvit","data":{"name":"cifar-10"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["tri-level fashion-clutter"] = """{"study":"s","method":"tri-level","data":{"name":"fashion-clutter"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["data-ticket fashion-clutter"] = """{"study":"s","method":"data-ticket","data":{"name":"fashion-clutter"},"devices":["zcu102"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}]}""",
        ["compvqc digits-4"] = """{"study":"s","method":"compvqc","data":{"name":"digits-4"},"model":{"ansaetze":["compvqc","u3-cu3","zz-ry"]},"devices":["quantum/belem"],"objectives":[{"metric":"accuracy"},{"metric":"depth","direction":"min"}]}""",
        ["synthetic zdt1"] = """{"study":"s","method":"synthetic","data":{"name":"none"},"objectives":[{"metric":"f1"},{"metric":"f2"}]}""",
    };

    public static TheoryData<string, string, bool, double> Every()
    {
        var data = new TheoryData<string, string, bool, double>();
        foreach (string study in Studies.Keys)
            foreach (Board board in BoardCatalog.All)
                foreach (bool memory in (bool[])[false, true])
                    foreach (double host in (double[])[0, 1])
                        data.Add(study, board.Name, memory, host);
        return data;
    }

    [Fact]
    public void NoMethodOfTheCatalogueIsLeftOut()
        => Assert.Equal(StudyCatalog.Methods.Order(), Studies.Keys.Select(k => k.Split(' ')[0]).Distinct().Order());

    [Theory]
    [MemberData(nameof(Every))]
    public void EveryCandidateIsPricedWithCostsThatAddUpOrRefusedByName(string study, string board, bool memory, double hostNs)
    {
        IDevice device = DeviceCatalog.Open(new DeviceSpec(board, null, new JsonObject { ["memory_bound"] = memory, ["host_ns_per_element"] = hostNs, ["block_ms"] = hostNs / 10, ["network_ms"] = hostNs / 5 }));
        int priced = 0;
        foreach (Workload workload in Samples(study))
        {
            Quote quote = device.Price(Schedule.Once(workload));
            Assert.Equal(quote, device.Price(Schedule.Once(workload)));
            if (quote.Totals.Count == 0)
            {
                Rejection why = quote.Why[0];
                Coverage covers = device.Covers(workload);
                Assert.False(why.Constraint == "coverage" && covers.Complete);
                Assert.True(why.Constraint == "coverage" ? why.Reason.Contains($"'{covers.Operation}'") && why.Reason.Contains(covers.Reason!) : why.Reason.Contains(" % of the cap on "), why.Reason);
                continue;
            }
            priced++;
            double latency = quote.Value("latency_ms")!.Value;
            Assert.True(double.IsFinite(latency) && latency > 0);
            Assert.Equal(latency, Nets.Sum(quote));
            Assert.Equal(workload.Ops.Select(o => o.Id), quote.Ops.Select(o => o.Op).Where(id => id != "network" && !id.EndsWith("/overhead", StringComparison.Ordinal)));
            Assert.All(quote.Ops, o => Assert.True(o.Value >= 0));
            Assert.All(quote.Totals, m => Assert.True(m.Origin == Origin.Modelled && double.IsFinite(m.Value)));
            if (memory) Assert.True(latency >= quote.Value("memory_ms"));
            Assert.Contains(device.Configurations(workload), c => c.Name == quote.Used!.Name);
        }
        Assert.Equal(study.StartsWith("synthetic", StringComparison.Ordinal) || IsCircuits(study) ? 0 : Random + 2, priced);   // a synthetic problem has no operations; every net has an engine on every board
    }

    private static bool IsCircuits(string study) => study.StartsWith("compvqc", StringComparison.Ordinal);

    public static TheoryData<string, string> EveryMachine() => new(from study in Studies.Keys from machine in BackendCatalog.Names select (study, QuantumDevice.Prefix + machine));

    [Theory]
    [MemberData(nameof(EveryMachine))]
    public void AQuantumMachinePricesCircuitsAndRefusesAllElseByName(string study, string machine)
    {
        IDevice device = DeviceCatalog.Open(new DeviceSpec(machine, null, []));
        Assert.Equal(machine, device.Name);
        foreach (Workload workload in Samples(study).Take(IsCircuits(study) ? 4 : 2))
        {
            Quote quote = device.Price(Schedule.Once(workload));
            Assert.Equal(quote, device.Price(Schedule.Once(workload)));
            if (!IsCircuits(study))
            {
                Coverage covers = device.Covers(workload);
                Assert.False(covers.Complete);
                Assert.Empty(quote.Totals.AsEnumerable());
                Assert.Contains($"cannot run '{covers.Operation}': {covers.Reason}", quote.Why[0].Reason, StringComparison.Ordinal);
                continue;
            }
            Assert.Equal(QuantumDevice.Metrics.AsEnumerable(), quote.Totals.AsEnumerable().Select(m => m.Metric));
            Assert.Equal(quote.Value("latency_ms")!.Value, quote.Ops.Sum(o => o.Value));
            Assert.InRange(quote.Value("success")!.Value, 0, 1);
            Assert.True(quote.Value("two_qubit_gates") > 0 && quote.Value("depth") > 0 && quote.Value("duration_us") > 1);
            // Twice the work: twice the time, and both must go well.
            Quote twice = device.Price(new Schedule([new SchedulePart(workload, 2)]), device.Configurations(workload).Single());
            Assert.Equal(2 * quote.Value("latency_ms")!.Value, twice.Value("latency_ms")!.Value, 1e-9);
            Assert.Equal(quote.Value("success")!.Value * quote.Value("success")!.Value, twice.Value("success")!.Value, 1e-6);
        }
    }

    [Theory]
    [InlineData("fm", false, 82.1)]
    [InlineData("fm", true, 502.9)]
    [InlineData("cifar", false, 178.4)]
    [InlineData("cifar", true, 1052.3)]
    public void TheGoldenNetsAreTheSubnetsOfTheSpacesThatBeginAtTheirWidth(string space, bool largest, double microseconds)
    {
        // The method sheet's spaces begin at E = 32 and 64; those of the code have E of 16 and 24 before them.
        QuasarVitConfig config = space == "fm" ? QuasarVitConfig.FashionMnist : QuasarVitConfig.Cifar10;
        QuasarVitConfig sheet = config with { Widths = config.Widths.Where(w => w >= (space == "fm" ? 32 : 64)).ToValueList() };
        Workload real = QuasarVitWorkload.Lower(largest ? QuasarVitGenome.Largest(sheet) : QuasarVitGenome.Smallest(sheet), sheet);
        var eighth = new FpgaDevice(BoardCatalog.Zcu102Eighth);
        Assert.Equal(microseconds, eighth.Best(real)!.Value.LatencyMs * 1e3, 0.05);
        Assert.Equal(eighth.Best(Nets.Extreme(space, largest))!.Value, eighth.Best(real)!.Value);
        if (!largest) Assert.True(eighth.Best(QuasarVitWorkload.Lower(QuasarVitGenome.Smallest(config), config))!.Value.LatencyMs * 1e3 < microseconds);
    }

    private static IEnumerable<Workload> Samples(string name)
    {
        IStudy study = StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(Studies[name])!));
        var chance = new Chance(11, Streams.Sampling);
        yield return study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]));
        yield return study.Lower(study.Space.Canonical(study.Space.Genes.Select(g => g.Choices.Count - 1).ToArray()));
        for (int i = 0; i < Random; i++) yield return study.Lower(study.Space.Sample(chance));
    }
}
