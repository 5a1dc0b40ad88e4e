using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

public class DeviceCatalogTests
{
    private static IStudy Study(string device, int seed = 5) => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":[{{device}}],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"seed":{{seed}}}""")!));

    private static DeviceSpec Device(string name, string options) => new(name, null, (JsonObject)JsonNode.Parse(options)!);

    [Theory]
    [InlineData("per-subnt", "did you mean 'per-subnet'")]
    [InlineData("3x32x8-w4a", "did you mean '3x32x8-w4a6'")]
    [InlineData("noe", "did you mean 'one'")]
    [InlineData("one", "space of a study")]
    [InlineData("4x32x4-w4a6", "BRAM18 128 %")]
    public void AWrongEngineIsRefusedWithWhatIsMeant(string engine, string says)
        => Assert.Contains(says, Assert.Throws<SpecException>(() => DeviceCatalog.Open(Device("zcu102-eighth", $$"""{"engine":"{{engine}}"}"""))).Message);

    [Fact]
    public void ADeviceWithoutOptionsGivesEachSubnetItsOwnEngineAsPerSubnetSays()
    {
        IStudy study = Study("\"zcu102-eighth\"");
        IDevice silent = DeviceCatalog.Open(study.Spec.Devices[0]), said = DeviceCatalog.Open(Device("zcu102-eighth", """{"engine":"per-subnet"}"""));
        var engines = new HashSet<string>();
        foreach (Workload w in Members(study))
        {
            Quote quote = silent.Price(Schedule.Once(w));
            Assert.Equal(quote, said.Price(Schedule.Once(w)));
            engines.Add(quote.Used!.Name);
        }
        Assert.True(engines.Count > 1, "one engine is the fastest for every member: the sample shows nothing");
    }

    [Fact]
    public void OneEngineIsChosenBeforeTheSearchTheSameForEverySeedAndPricesEveryCandidate()
    {
        const string one = """{"name":"zcu102-eighth","engine":"one"}""";
        IStudy study = Study(one), again = Study(one, seed: 77);
        string engine = study.Spec.Devices[0].Options["engine"]!.ToString();
        Assert.Matches(@"^one:\dx\d+x\d+-w4a6$", engine);
        Assert.Equal(engine, again.Spec.Devices[0].Options["engine"]!.ToString());
        IDevice device = DeviceCatalog.Open(study.Spec.Devices[0]);
        foreach (Workload w in Members(study))
        {
            Quote quote = device.Price(Schedule.Once(w));
            Assert.Equal("one:" + quote.Used!.Name, engine);
            Assert.Contains("one engine for the whole front", quote.Used.Description);
            Assert.Equal("zcu102-eighth/" + quote.Used.Name, quote.Totals[0].Device);
        }
    }

    [Fact]
    public void ASpaceThatNamesTheChosenEngineItselfGetsTheRealChoice()
        => Assert.Equal(Study("""{"name":"zcu102-eighth","engine":"one"}""").Spec.Devices[0].Options["engine"]!.ToString(),
            Study("""{"name":"zcu102-eighth","engine":"one:1x8x4-w4a6"}""").Spec.Devices[0].Options["engine"]!.ToString());

    [Fact]
    public void ANamedEnginePricesEveryCandidate()
    {
        IStudy study = Study("""{"name":"zcu102-eighth","engine":"2x16x8-w4a6","memory_bound":false}""");
        IDevice device = DeviceCatalog.Open(study.Spec.Devices[0]);
        Assert.All(Members(study), w => Assert.Equal("2x16x8-w4a6", device.Price(Schedule.Once(w)).Used!.Name));
    }

    [Fact]
    public void TheMemoryBoundIsAnOptionOfEveryBoard()
    {
        IStudy study = Study("\"zcu102\"");
        Workload small = study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]));
        foreach (string board in (string[])["zcu102", "zcu102-eighth", "zcu104", "kv260", "vck190"])
        {
            Quote bound = DeviceCatalog.Open(Device(board, """{"memory_bound":true}""")).Price(Schedule.Once(small)), free = DeviceCatalog.Open(Device(board, """{"memory_bound":false}""")).Price(Schedule.Once(small));
            Assert.Contains("memory bound off", free.Calibration);
            Assert.Contains("GB/s", bound.Calibration);
            Assert.True(bound.Value("latency_ms") >= free.Value("latency_ms") && bound.Value("latency_ms") >= bound.Value("memory_ms"));
            if (board == "zcu102-eighth") Assert.True(bound.Value("latency_ms") > free.Value("latency_ms"));
        }
    }

    [Theory]
    [InlineData("""{"metric":"dsp","at_most":9}""", """[{"name":"pi","kind":"attached"}]""")]
    [InlineData("""{"metric":"dsp","device":"pi","at_most":9}""", """["zcu102",{"name":"pi","kind":"attached"}]""")]
    public void ALimitThatNodesCannotDecideIsRefusedSinceItWouldNotBind(string limit, string devices) => Assert.Contains(
        "constraints: expected latency_ms or fps of pi, whose nodes measure time and nothing else; got 'dsp'", Assert.Throws<SpecException>(() => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
            $$"""{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":{{devices}},"objectives":[{"metric":"accuracy"}],"constraints":[{{limit}}]}""")!))).Message);

    private static IEnumerable<Workload> Members(IStudy study)
    {
        var chance = new Chance(3, Streams.Sampling);
        yield return study.Lower(study.Space.Canonical(new int[study.Space.Genes.Count]));
        yield return study.Lower(study.Space.Canonical(study.Space.Genes.Select(g => g.Choices.Count - 1).ToArray()));
        for (int i = 0; i < 20; i++) yield return study.Lower(study.Space.Sample(chance));
    }
}
