using System.Text;
using Hone.Client.Specs;
using Hone.Model;

namespace Hone.Client.Tests.Specs;

public sealed class StudyFileTests : IDisposable
{
    private const string Good = """
        study: s
        method: quasar-vit
        data: {name: fashion-mnist, train: 100}
        devices: [zcu102-eighth]
        objectives:
          - {metric: accuracy, unit: "%"}
          - {metric: latency_ms}
        training: {threads: 2, rate: 1.0e-3, note: "2", keep: true, off: null}
        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private StudyFile Load(string text) => StudyFile.Load(_scratch.Write("s.yaml", text));

    private string Refusal(string text) => Assert.Throws<SpecException>(() => Load(text)).Message;

    [Fact]
    public void PlainScalarsAreTypedAndQuotedOnesStayText()
    {
        StudyFile file = Load(Good);
        Assert.Equal("""{"keep":true,"note":"2","off":null,"rate":0.001,"threads":2}""", StudyJson.Canonical(file.Values["training"]!));
        Assert.Equal(100, file.Spec.Data.Train);
        Assert.Equal("%", file.Spec.Objectives[0].Unit);
    }

    [Theory]
    [InlineData("seed: 1", "seed: 1.0")]
    [InlineData("seed: 100", "seed: 1e2")]
    public void EqualNumbersAreTheSameStudyHoweverTheyAreSpelt(string one, string other)
        => Assert.Equal(Load($"{Good}\n{one}").Canonical, Load($"{Good}\n{other}").Canonical);

    [Fact]
    public void AMachinesFilesGoIntoTheStudy()
    {
        _scratch.Write("conf.json", """{"backend_name":"mine","n_qubits":2,"basis_gates":["cx","rz","sx","x"],"coupling_map":[[0,1],[1,0]],"dt":0.2}""");
        string qubit = """[{"name":"T1","unit":"us","value":80},{"name":"T2","unit":"us","value":60},{"name":"prob_meas1_prep0","unit":"","value":0.01},{"name":"prob_meas0_prep1","unit":"","value":0.03},{"name":"readout_length","unit":"ns","value":5000}]""";
        string Gate(string name, string on, double error) => FormattableString.Invariant($$"""{"gate":"{{name}}","qubits":[{{on}}],"parameters":[{"name":"gate_error","unit":"","value":{{error}}},{"name":"gate_length","unit":"ns","value":40}]}""");
        string gates = string.Join(',', [Gate("sx", "0", 0.001), Gate("sx", "1", 0.002), Gate("x", "0", 0.001), Gate("x", "1", 0.002), Gate("cx", "0,1", 0.01), Gate("cx", "1,0", 0.01)]);
        _scratch.Write("props.json", $$"""{"backend_version":"1","last_update_date":"2026-01-01","qubits":[{{qubit}},{{qubit}}],"gates":[{{gates}}]}""");
        string study = Good.Replace("[zcu102-eighth]", "[{name: quantum/mine, backend: conf.json, calibration: props.json}]", StringComparison.Ordinal);
        DeviceSpec device = Load(study).Spec.Devices[0];
        Assert.Equal(["machine"], device.Options.Select(o => o.Key));
        string table = device.Options["machine"]!.ToString();
        Assert.Contains("machine\tmine\t1 2026-01-01\tcx,rz,sx,x\n", table, StringComparison.Ordinal);
        Assert.Contains("pair\t1\t0\t0.01\t40", table, StringComparison.Ordinal);
        Assert.Contains("expected both files", Refusal(study.Replace(", calibration: props.json", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("cannot read nowhere.json", Refusal(study.Replace("props.json", "nowhere.json", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne()
    {
        string line = Refusal("study: x\nmethod: quasar-vit\nobjectivs: []\n");
        Assert.Contains("s.yaml:3: objectivs: unknown key", line);
        Assert.Contains("'objectives'", line);
    }

    [Theory]
    [InlineData("study: a\nstudy: b\n", ":2:", "twice")]
    [InlineData("study: a\nmodel:\n\tdim: 3\n", ":3:", "tab")]
    [InlineData("study: [a\n", ":", "YAML")]
    [InlineData("study: a\ndevices: [zcu102\nseed: 1\n", ":2:", "bracket")]
    [InlineData("study: a\nmodel: {\nseed: 1\n", ":2:", "brace")]
    [InlineData("study: a\n\ndata:\n  :\n  ", ":", "a value")]
    [InlineData("", "s.yaml", "empty")]
    [InlineData("- a\n- b\n", ":1:", "list")]
    [InlineData("study: a\n---\nstudy: b\n", "", "second document")]
    [InlineData("study: *nobody\n", ":1:", "nobody")]
    [InlineData("study: a\nmodel: {<<: {b: 1}}\n", ":2:", "merge keys")]
    [InlineData("study: a\nseed: 1e999\n", ":2:", "64 bits")]
    [InlineData("study: !!python/object x\n", ":1:", "tag")]
    public void WhatIsNoStudyIsRefusedInOneLineWithItsPlace(string text, string place, string reason)
    {
        string line = Refusal(text);
        Assert.Contains(place, line);
        Assert.Contains(reason, line);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void AWrongTypeIsRefusedWithItsLine()
        => Assert.Matches(@"s\.yaml:10: seed: expected a whole number.*got ""many""", Refusal($"{Good}\n\nseed: many"));

    [Fact]
    public void OtherBytesThanUtf8AreRefusedWithTheirLine()
    {
        File.WriteAllBytes(_scratch["s.yaml"], [.. Encoding.ASCII.GetBytes("study: a\nmethod: "), 0xFF, 0xFE, (byte)'\n']);
        Assert.Contains("s.yaml:2: expected UTF-8", Assert.Throws<SpecException>(() => StudyFile.Load(_scratch["s.yaml"])).Message);
    }

    [Fact]
    public void AFileOverOneMegabyteIsNotRead()
        => Assert.Contains("at most 1 MB", Refusal("# " + new string('x', 1 << 20)));

    [Fact]
    public void AliasesThatMultiplyAreBounded()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Contains("at most 20000 values", Refusal(bomb.ToString()));
    }

    [Fact]
    public void AnAliasIsACopyOfItsAnchor()
    {
        StudyFile file = Load(Good + "\nmodel: {a: &a {b: [1, 2]}, c: *a}\n");
        Assert.Equal("""{"a":{"b":[1,2]},"c":{"b":[1,2]}}""", StudyJson.Canonical(file.Values["model"]!));
    }

    [Fact]
    public void DeepNestingIsBounded()
        => Assert.Contains("levels of nesting", Refusal("model: " + new string('[', 200) + new string(']', 200)));

    [Fact]
    public void TheSampleStudyIsAStudy()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "global.json"))) root = Path.GetDirectoryName(root)!;
        StudySpec spec = StudyFile.Load(Path.Combine(root, "client", "studies", "quasar-vit.yaml")).Spec;
        Assert.Equal("quasar-vit", spec.Study);
        Assert.Equal(2, spec.Objectives.Count);
    }
}
