using System.Text.Json.Nodes;
using Hone.Client.Verbs;

namespace Hone.Client.Tests.Verbs;

public sealed class CircuitVerbTests : IDisposable
{
    private const string Bell = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2]; creg c[2];\nh q[0]; cx q[0],q[1]; measure q -> c;\n";
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ProbabilitiesAreThoseOfTheClassicalRegister()
    {
        JsonNode said = JsonNode.Parse(await Done("circuit", "simulate", _scratch.Write("bell.qasm", Bell), "--json"))!;
        Assert.Equal(["00", "11"], said["probabilities"]!.AsObject().Select(p => p.Key));
        Assert.Equal(0.5, (double)said["probabilities"]!["11"]!, 1e-12);
    }

    [Fact]
    public async Task AMachineReadsWrongNowAndThen()
    {
        JsonNode said = JsonNode.Parse(await Done("circuit", "simulate", _scratch.Write("bell.qasm", Bell), "--backend", "quito", "--json"))!;
        Assert.Equal(4, said["probabilities"]!.AsObject().Count);
        Assert.InRange((double)said["probabilities"]!["01"]!, 0.005, 0.2);
    }

    [Fact]
    public async Task ShotsAreDrawnBySeed()
    {
        string file = _scratch.Write("bell.qasm", Bell);
        string one = await Done("circuit", "simulate", file, "--shots", "100", "--seed", "3", "--json");
        Assert.Equal(one, await Done("circuit", "simulate", file, "--shots", "100", "--seed", "3", "--json"));
        Assert.NotEqual(one, await Done("circuit", "simulate", file, "--shots", "100", "--seed", "4", "--json"));
        Assert.Equal(1, JsonNode.Parse(one)!["probabilities"]!.AsObject().Sum(p => (double)p.Value!), 1e-12);
    }

    [Fact]
    public async Task ATranspiledCircuitIsWrittenAndSaysTheSame()
    {
        string file = _scratch.Write("swap.qasm", Bell.Replace("h q[0];", "h q[0]; swap q[0],q[1]; ry(0.3) q[0];", StringComparison.Ordinal));
        string output = _scratch["made.qasm"];
        JsonNode cost = JsonNode.Parse(await Done("circuit", "transpile", file, "--backend", "manila", "--out", output, "--json"))!;
        Assert.Equal("manila", (string?)cost["target"]);
        Assert.True((int)cost["cost"]!["two_qubit_gates"]! <= (int)cost["without_optimisation"]!["two_qubit_gates"]!);
        JsonObject expected = Probabilities(await Done("circuit", "simulate", file, "--json")), actual = Probabilities(await Done("circuit", "simulate", output, "--json"));
        Assert.All(expected, p => Assert.Equal((double)p.Value!, (double)actual[p.Key]!, 1e-9));
        Assert.StartsWith("OPENQASM 3.0;", await Done("circuit", "transpile", file, "--qasm", "3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitsAreWrittenAsDelays()
    {
        string file = _scratch.Write("waits.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3]; creg c[3];\nh q[0]; cx q[0],q[1]; cx q[1],q[2]; measure q -> c;\n");
        Assert.Contains("delay[", await Done("circuit", "transpile", file, "--backend", "manila", "--schedule"), StringComparison.Ordinal);
        var (code, _, error) = await Hone("circuit", "transpile", file, "--schedule");
        Assert.Contains("expected --backend", error, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task ACompressedCircuitIsShorterAndNearlyTheSame()
    {
        string file = _scratch.Write("angles.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3]; creg c[3];\nry(0.9) q[0]; ry(1.2) q[1]; crx(0.05) q[0],q[1]; cry(3.1) q[1],q[2]; crz(0.04) q[2],q[0]; rx(0.02) q[2]; measure q -> c;\n");
        string output = _scratch["short.qasm"];
        JsonNode said = JsonNode.Parse(await Done("circuit", "compress", file, "--backend", "quito", "--fidelity", "0.99", "--out", output, "--json"))!;
        Assert.InRange((double)said["fidelity"]!, 0.99, 1);
        Assert.True((int)said["after"]!["two_qubit_gates"]! < (int)said["before"]!["two_qubit_gates"]!, said.ToJsonString());
        JsonObject expected = Probabilities(await Done("circuit", "simulate", file, "--json")), actual = Probabilities(await Done("circuit", "simulate", output, "--json"));
        Assert.All(expected.Select(p => p.Key).Union(actual.Select(p => p.Key)), k => Assert.Equal((double?)expected[k] ?? 0, (double?)actual[k] ?? 0, 0.1));
        Assert.Contains("of the angles at levels", await Done("circuit", "compress", file, "--rate", "0.5", "--way", "one-shot", "--out", output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACircuitIsDrawn()
    {
        string file = _scratch.Write("bell.qasm", Bell);
        Assert.Contains("q[0]: ──[H]──●──", await Done("circuit", "draw", file), StringComparison.Ordinal);
        await Done("circuit", "draw", file, "--svg", _scratch["bell.svg"]);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(_scratch["bell.svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMachinesCalibrationIsSummedUp()
    {
        JsonNode said = JsonNode.Parse(await Done("device", "calibrate", "quantum/quito", "--json"))!;
        Assert.Equal((5, 8), ((int)said["qubits"]!, (int)said["pairs"]!));
        JsonNode cx = said["figures"]!.AsArray().Single(f => (string?)f!["name"] == "cx error")!;
        Assert.Equal((0.0358, 0.0133, 0.0565), (Math.Round((double)cx["median"]!, 4), Math.Round((double)cx["least"]!, 4), Math.Round((double)cx["most"]!, 4)));
        Assert.Contains("5 qubits", await Done("device", "calibrate", "quantum/quito"), StringComparison.Ordinal);
        var (code, _, error) = await Hone("device", "calibrate", "quantum/nowhere");
        Assert.Contains("expected one of belem", error, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData(1, "line 4, column 1: expected a gate that is defined above", "OPENQASM 2.0;\n\n\nnosuch q;", "simulate")]
    [InlineData(1, "takes 16 TiB", "OPENQASM 2.0; qreg q[40];", "simulate")]
    [InlineData(1, "write their values into the file", "OPENQASM 3.0; input float a; qubit q; U(a, 0, 0) q;", "simulate")]
    [InlineData(1, "expected one of belem, quito, manila, jakarta", Bell, "transpile", "--backend", "nowhere")]
    [InlineData(1, "at most 5 qubits for quito", "OPENQASM 2.0; qreg q[6];", "transpile", "--backend", "quito")]
    [InlineData(2, "expected 0 to 3, got 4", Bell, "transpile", "--level", "4")]
    [InlineData(2, "expected --backend FILE", Bell, "transpile", "--calibration", "props.json")]
    [InlineData(1, "the circuit has no angles", Bell, "compress")]
    [InlineData(2, "--fidelity: expected", Bell, "compress", "--fidelity", "2")]
    [InlineData(2, "--way: expected one of prune", Bell, "compress", "--way", "adm")]
    [InlineData(1, "free parameters", "OPENQASM 3.0; input float a; qubit q; U(a, 0, 0) q;", "compress")]
    [InlineData(1, "only circuits of gates", "OPENQASM 3.0; qubit q; reset q;", "compress")]
    [InlineData(1, "measurements at the circuit's end", "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1]; creg c[1]; measure q -> c; h q[0];", "compress")]
    [InlineData(2, "expected 1 to", Bell, "simulate", "--shots", "0")]
    [InlineData(2, "at least 20 characters", Bell, "draw", "--width", "3")]
    public async Task WhatIsWrongIsSaidInOneLine(int expected, string says, string text, string verb, params string[] options)
    {
        var (code, _, error) = await Hone(["circuit", verb, _scratch.Write("a.qasm", text), .. options]);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task AFileThatIsNotThereIsNamed()
    {
        var (code, _, error) = await Hone("circuit", "draw", _scratch["none.qasm"]);
        Assert.Contains($"cannot read {_scratch["none.qasm"]}", error, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    private static JsonObject Probabilities(string json) => JsonNode.Parse(json)!["probabilities"]!.AsObject();

    private static async Task<string> Done(params string[] args)
    {
        var (code, output, error) = await Hone(args);
        Assert.True(code == 0, error);
        return output;
    }

    private static async Task<(int Code, string Out, string Error)> Hone(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await HoneCommand.RunAsync(args, new Terminal(output, error, Live: false));
        return (code, output.ToString(), error.ToString());
    }
}
