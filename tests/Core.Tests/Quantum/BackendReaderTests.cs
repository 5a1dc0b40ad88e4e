using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Gates;

namespace Hone.Core.Tests.Quantum;

public class BackendReaderTests
{
    [Fact]
    public void FilesBecomeAMachineInSeconds()
    {
        Backend machine = SmallMachine.Of(5);
        Assert.Equal(("made_up", "1.0 2021-03-15", 5), (machine.Name, machine.Calibration, machine.Qubits));
        Assert.Equal(8, machine.Coupling.Count);
        Assert.Same(StandardGates.Cx, machine.Entangler);
        Assert.All(machine.QubitFigures.AsEnumerable(), q => Assert.InRange(q.T1, 40e-6, 100e-6));
        Assert.Equal(35.5e-9, machine.Figures(StandardGates.Sx, [3])!.Seconds, 1e-18);
        Assert.InRange(machine.Figures(StandardGates.Cx, [1, 2])!.Error, 0.005, 0.035);
        Assert.Null(machine.Figures(StandardGates.Cx, [0, 2]));
        Assert.Empty(machine.Notes.AsEnumerable());
        Assert.Equal(machine, SmallMachine.Of(5));
        Assert.NotEqual(machine, SmallMachine.Of(5, seed: 2));
    }

    [Fact]
    public void MachinesComeAlong()
    {
        Assert.Equal(["belem", "quito", "manila", "jakarta", "guadalupe", "brisbane"], BackendCatalog.All.AsEnumerable().Select(b => b.Name));
        Assert.Equal([5, 5, 5, 7, 16, 127], BackendCatalog.All.AsEnumerable().Select(b => b.Qubits));
        foreach (Backend machine in BackendCatalog.All)
        {
            if (machine.Entangler == StandardGates.Cx) Assert.All(machine.Coupling.AsEnumerable(), p => Assert.Contains((p.Second, p.First), machine.Coupling.AsEnumerable()));
            Assert.All(machine.QubitFigures.AsEnumerable(), q => Assert.InRange(q.T1, 9e-6, 500e-6));
            Assert.Equal(machine.Qubits * 4 + machine.Coupling.Count, machine.GateFigures.Count);
            Assert.NotNull(new Hone.Quantum.Noise.NoiseModel(machine));
        }
        Assert.Equal(143, BackendCatalog.Find("brisbane").Coupling.Count);   // one pair of its 144 does not work
        double[] errors = [.. BackendCatalog.Find("quito").GateFigures.AsEnumerable().Where(f => f.Gate == StandardGates.Cx).Select(f => f.Error).Order()];
        Assert.Equal(0.0358, (errors[3] + errors[4]) / 2, 1e-4);   // the snapshot's median
        Assert.Contains("got 'nowhere'", Assert.Throws<HoneException>(() => BackendCatalog.Find("nowhere")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATableHoldsWhatTheMachineHas()
    {
        Backend machine = SmallMachine.Of(5), read = MachineTable.Parse(MachineTable.Write(machine));
        Assert.Equal((machine.Name, machine.Calibration, machine.Basis, machine.Coupling), (read.Name, read.Calibration, read.Basis, read.Coupling));
        foreach (GateFigures figures in machine.GateFigures)
        {
            GateFigures same = read.Figures(figures.Gate, figures.Qubits)!;
            Assert.Equal((Math.Round(figures.Error, 12), Math.Round(figures.Seconds, 15)), (Math.Round(same.Error, 12), Math.Round(same.Seconds, 15)));
        }
        Assert.Equal(machine.QubitFigures.AsEnumerable().Select(q => Math.Round(q.T2, 12)), read.QubitFigures.AsEnumerable().Select(q => Math.Round(q.T2, 12)));
        foreach (string text in new[] { "", "machine\tx", "machine\tx\t1\tnosuch\ntimes_ns\t1\t1\t1", "machine\tx\t1\tcx\ntimes_ns\t1\t1\t1\nqubit\t0\tfast" })
            Assert.Throws<HoneException>(() => MachineTable.Parse(text));
    }

    [Theory]
    [InlineData("guadalupe", 8), InlineData("brisbane", 8), InlineData("brisbane", 20)]
    public void APartIsConnectedAndErrsLessThanTheWhole(string name, int qubits)
    {
        Backend whole = BackendCatalog.Find(name), part = whole.Part(qubits);
        Assert.Equal(qubits, part.Qubits);
        Assert.Equal(part, whole.Part(qubits));
        var reached = new HashSet<int> { 0 };
        for (int i = 0; i < qubits; i++)
            foreach ((int a, int b) in part.Coupling)
                if (reached.Contains(a) || reached.Contains(b)) reached.UnionWith([a, b]);
        Assert.Equal(qubits, reached.Count);
        double Mean(Backend of) => of.Coupling.AsEnumerable().Average(p => of.Figures(of.Entangler, [p.First, p.Second])!.Error);
        Assert.True(Mean(part) < Mean(whole));
        Assert.NotNull(new Hone.Quantum.Noise.NoiseModel(part));
        Assert.Same(whole, whole.Part(whole.Qubits));
    }

    [Fact]
    public void WhatIsMissingIsTheMedianOfTheOthersAndNoted()
    {
        JsonObject properties = SmallMachine.Properties(5);
        properties["qubits"]![2]!.AsArray().RemoveAt(1);
        Backend machine = BackendReader.Read(SmallMachine.Configuration(5).ToJsonString(), properties.ToJsonString());
        Assert.Contains("T2 of qubit 2 is missing", Assert.Single(machine.Notes.AsEnumerable()), StringComparison.Ordinal);
        double[] others = [.. machine.QubitFigures.AsEnumerable().Where((_, i) => i != 2).Select(q => q.T2).Order()];
        Assert.Equal(others[2], machine.QubitFigures[2].T2);
    }

    [Fact]
    public void APairThatDoesNotWorkIsLeftOut()
    {
        JsonObject properties = SmallMachine.Properties(3);
        JsonNode last = properties["gates"]!.AsArray()[^1]!;
        last["parameters"]![0]!["value"] = 1.0;
        Backend machine = BackendReader.Read(SmallMachine.Configuration(3).ToJsonString(), properties.ToJsonString());
        Assert.Equal([(0, 1), (1, 0), (1, 2)], machine.Coupling.AsEnumerable());
        Assert.Contains("cx does not work on 2, 1", Assert.Single(machine.Notes.AsEnumerable()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coupling_map", "without it no circuit can be routed")]
    [InlineData("n_qubits", "expected 'n_qubits'")]
    [InlineData("basis_gates", "expected 'basis_gates'")]
    [InlineData("backend_name", "is it the right one of the two files?")]
    public void AConfigurationWithoutWhatItNeedsIsRefused(string key, string says)
    {
        JsonObject configuration = SmallMachine.Configuration(3);
        configuration.Remove(key);
        Assert.Contains(says, Assert.Throws<HoneException>(() => BackendReader.Read(configuration.ToJsonString(), SmallMachine.Properties(3).ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesThatDoNotGoTogetherAreRefused()
    {
        Refused("do the files belong together?", SmallMachine.Configuration(4).ToJsonString(), SmallMachine.Properties(3).ToJsonString());
        Refused("expected the calibration as JSON", SmallMachine.Configuration(3).ToJsonString(), "{");
        Refused("expected 'qubits'", SmallMachine.Configuration(3).ToJsonString(), SmallMachine.Configuration(3).ToJsonString());
        JsonObject far = SmallMachine.Configuration(3);
        far["coupling_map"]!.AsArray().Add((JsonNode)new JsonArray(0, 7));
        Refused("got [0, 7]", far.ToJsonString(), SmallMachine.Properties(3).ToJsonString());
        JsonObject lone = SmallMachine.Configuration(3);
        lone["basis_gates"] = new JsonArray("rz", "sx");
        Refused("expected a gate on two qubits", lone.ToJsonString(), SmallMachine.Properties(3).ToJsonString());
        JsonObject bare = SmallMachine.Properties(3);
        foreach (JsonNode? qubit in bare["qubits"]!.AsArray()) qubit!.AsArray().RemoveAt(0);
        Refused("lacks T1 of qubit 0, and of all others", SmallMachine.Configuration(3).ToJsonString(), bare.ToJsonString());
    }

    private static void Refused(string says, string configuration, string properties) =>
        Assert.Contains(says, Assert.Throws<HoneException>(() => BackendReader.Read(configuration, properties)).Message, StringComparison.Ordinal);
}
