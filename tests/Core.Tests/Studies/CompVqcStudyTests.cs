using System.Text.Json.Nodes;
using Hone.Export;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Qasm;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies;

/// <summary>The method without a cluster: circuits trained once, a solver's run for each candidate, priced and judged on two machines.</summary>
public sealed class CompVqcStudyTests : IDisposable
{
    private readonly StudyRoom _room = new();

    public void Dispose() => _room.Dispose();

    private static StudySpec Spec(string more = "", string devices = "\"quantum/belem\",\"quantum/quito\"", string objectives = """{"metric":"accuracy"},{"metric":"two_qubit_gates","device":"quantum/belem","direction":"min"}""") =>
        StudySpec.Parse((JsonObject)JsonNode.Parse(
            $$"""{"study":"tiny","method":"compvqc","data":{"name":"iris"},"model":{"starts":2,{{(more.Contains("rates", StringComparison.Ordinal) ? "" : "\"rates\":[0.2,0.4],")}}"shots":200{{more}}},"devices":[{{devices}}],"objectives":[{{objectives}}],"training":{"dense_steps":60,"rounds":4,"round_steps":10,"fine_tune_steps":20},"finish":{"members":2},"seed":5}""")!);

    [Theory]
    [InlineData("dense"), InlineData("prune"), InlineData("one-shot"), InlineData("admm"), InlineData("admm-placed"), InlineData("admm-compiled")]
    public void ACandidateIsPricedOnEveryMachineAndExportedAsACircuit(string way)
    {
        IStudy study = StudyCatalog.Open(Spec());
        Assert.True(study.Trains && study.PricedByEvaluation);
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Parse($"ansatz=compvqc,blocks=1,start=1,way={way}{(way == "dense" ? "" : ",rate=0.4,target=quantum/quito")}");
        Evaluation evaluation = work.Evaluate(shared, candidate, study.SearchImages, CandidateTraining.Of(1), default);
        Assert.Equal((study.SearchImages + 63) / 64 * 8, evaluation.Correct.Length);
        foreach (string machine in new[] { "quantum/belem", "quantum/quito" })
            foreach (string metric in new[] { "latency_ms", "depth", "two_qubit_gates", "duration_us", "success", "noisy_accuracy" })
            {
                Measurement said = evaluation.Measurements.AsEnumerable().Single(m => m.Metric == $"{metric}@{machine}");
                Assert.True(said.Device == machine && said.Calibration is { Length: > 0 } && said.Value > 0, said.ToString());
            }
        FinishedMember finished = work.Finish(shared, new FrontMember(0, candidate.Key, evaluation.Measurements), new TrainedCandidate(1, evaluation.Trained), new Progress<Progress>(), default);
        string folder = _room.Model(finished);
        Manifest manifest = StudyRoom.Verified(folder).Manifest;
        CircuitProbe probe = CircuitProbe.Read(File.ReadAllBytes(Path.Combine(folder, CircuitProbe.FileName)));
        Circuit circuit = QasmReader.Read(File.ReadAllText(Path.Combine(folder, CircuitFiles.Circuit3)));
        (double difference, int correct) = probe.Run(circuit, [0, 1, 2], probe.Labels.Length);
        Assert.InRange(difference, 0, CircuitProbe.Tolerance);
        Assert.Equal(100.0 * correct / 50, finished.Measurements[0].Value, 1e-3);
        Assert.InRange(probe.First(QasmReader.Read(File.ReadAllText(Path.Combine(folder, CircuitFiles.Circuit2))), [0, 1, 2]), 0, CircuitProbe.Tolerance);
        // On the machine the same circuit, its qubits elsewhere: what its measurements read.
        Circuit on = QasmReader.Read(File.ReadAllText(Path.Combine(folder, CircuitFiles.On("belem"))));
        int[] read = [.. on.Instructions.AsEnumerable().OfType<Instruction.Measure>().OrderBy(m => m.Bit).Select(m => m.Qubit)];
        Assert.InRange(probe.Run(on, read, 5).Difference, 0, CircuitProbe.Tolerance);
        Assert.Equal(way.StartsWith("admm", StringComparison.Ordinal), manifest.Files.Any(f => f.Name == TrainingCurves.FileName));   // residuals
    }

    [Fact]
    public void ASolverGoesOnFromItsCheckpointToTheSameCircuit()
    {
        IStudy study = StudyCatalog.Open(Spec());
        using IStudyWork work = _room.Work(study);
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        Candidate candidate = study.Space.Parse("ansatz=compvqc,blocks=1,start=0,way=admm,rate=0.4,target=quantum/belem");
        Evaluation whole = work.Evaluate(shared, candidate, study.SearchImages, CandidateTraining.Of(1), default);
        BlobId? checkpoint = null;
        using var cut = new CancellationTokenSource();
        var told = new List<Progress>();
        var halfway = new CandidateTraining(1, null, (blob, _) => checkpoint = blob, new Told(p =>
        {
            told.Add(p);
            if (told.Count == 2) cut.Cancel();
        }));
        Assert.Throws<OperationCanceledException>(() => work.Evaluate(shared, candidate, study.SearchImages, halfway, cut.Token));
        Assert.Equal([10L, 20L], told.Select(p => p.Step));
        Assert.Equal([SolverFigures.Primal, SolverFigures.Dual, SolverFigures.Rho], told[^1].Values.AsEnumerable().Select(v => v.Name));
        Evaluation resumed = work.Evaluate(shared, candidate, study.SearchImages, CandidateTraining.Of(1) with { Checkpoint = checkpoint }, default);
        Assert.Equal(whole.Trained, resumed.Trained);
        Assert.Equal(whole.Measurements, resumed.Measurements);
    }

    [Fact]
    public void PreparationGoesOnFromItsCheckpoint()
    {
        IStudy study = StudyCatalog.Open(Spec());
        using IStudyWork work = _room.Work(study);
        BlobId whole = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        BlobId? checkpoint = null;
        using var cut = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => work.Prepare(null, (blob, _) => checkpoint = blob, new Told(p => { if (p.Step == 60) cut.Cancel(); }), cut.Token));
        Assert.Equal(whole, work.Prepare(checkpoint, (_, _) => { }, new Progress<Progress>(), default));
    }

    [Fact]
    public void WaysGivenInAnyOrderMakeOneSpace()
    {
        IStudy study = StudyCatalog.Open(Spec(""","ways":["admm","dense","prune"]"""));
        Assert.Equal(["dense", "prune", "admm"], study.Space.Genes.Single(g => g.Name == "way").Choices.AsEnumerable());
        Assert.DoesNotContain("rate", study.Space.Canonical([0, 0, 0, 0, 1, 1]).Key, StringComparison.Ordinal);
        Assert.Contains("rate=0.4,target=quantum/quito", study.Space.Canonical([0, 0, 0, 2, 1, 1]).Key, StringComparison.Ordinal);
        IStudy all = StudyCatalog.Open(Spec(""","ways":["admm"]"""));   // without dense every candidate has a rate
        Assert.Contains("rate=0.2", all.Space.Canonical([0, 0, 0, 0, 0, 0]).Key, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCostsComeFromTrainingIsNotRetargetedAndPricedTwice()
    {
        IStudy study = StudyCatalog.Open(Spec());
        Candidate candidate = study.Space.Canonical([0, 0, 0, 3, 1, 1]);
        string says = Assert.Throws<HoneException>(() => new Retargeting(study, new DeviceSpec("quantum/manila", null, []), [], DeviceCatalog.Open)).Message;
        Assert.Contains("run the study with 'quantum/manila' among its devices", says, StringComparison.Ordinal);
        Measurement[] measured = [new("accuracy", 80, "%", Origin.Simulated), new("two_qubit_gates@quantum/belem", 12, "1", Origin.Modelled, Device: "quantum/belem")];
        Explanation explained = Explaining.Of(study, [new Trial(0, candidate.Key, new Outcome.Evaluated([.. measured]))], "0", DeviceCatalog.Open);
        Assert.Equal(("on-front", 0), (explained.Standing, explained.Priced.Count));
        Assert.Empty(FrontCosts.Of(study, [new FrontMember(0, candidate.Key, [.. measured])], study.Spec.Devices, DeviceCatalog.Open).Devices.AsEnumerable());
    }

    [Fact]
    public void ALargeMachineIsTakenInPart()
    {
        DeviceSpec device = StudyCatalog.Open(Spec(devices: "\"quantum/brisbane\"", objectives: """{"metric":"accuracy"},{"metric":"depth","direction":"min"}""")).Spec.Devices[0];
        Assert.Equal(4, (int)device.Options["qubits"]!);
        Assert.Equal(4, DeviceCatalog.OpenQuantum(device).Machine.Qubits);
    }

    [Theory]
    [InlineData("", "\"zcu102\"", "expected quantum machines")]
    [InlineData("", "", "expected at least one quantum machine")]
    [InlineData("", "\"quantum/belm\"", "did you mean 'belem'?")]
    [InlineData(""","qubits":6""", "\"quantum/belem\"", "expected a machine of at least 6 qubits")]
    [InlineData(""","ways":["adm"]""", "\"quantum/belem\"", "did you mean 'admm'?")]
    [InlineData(""","rates":[0.2,1.5]""", "\"quantum/belem\"", "expected shares of the angles")]
    [InlineData(""","blocks":[0]""", "\"quantum/belem\"", "expected whole numbers from 1 to 16")]
    [InlineData(""","ansaetze":["compvqcc"]""", "\"quantum/belem\"", "did you mean 'compvqc'?")]
    [InlineData(""","qubits":2""", "\"quantum/belem\"", "expected 2 to 2 classes")]
    public void WhatCannotBeCarriedOutIsRefusedAtOnce(string more, string devices, string says) =>
        Assert.Contains(says, Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec(more, devices, """{"metric":"accuracy"},{"metric":"depth","direction":"min"}"""))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("wine", 0, ""","encoding":"amplitude","qubits":3""", "at most 8 features as amplitudes of 3 qubits, got 13")]
    [InlineData("iris", 100, "", "no more of iris than there are (150), got train 100, validation 30, test 50")]
    [InlineData("fashion-2", 12_000, "", "(12000, and 2000 to test)")]
    [InlineData("digitz-4", 0, "", "did you mean 'digits-4'?")]
    public void DataThatIsNotThereIsRefusedAtOnce(string data, int train, string model, string says)
    {
        string text = $$"""{"study":"s","method":"compvqc","data":{"name":"{{data}}","train":{{train}}},"model":{"starts":1{{model}}},"devices":["quantum/belem"],"objectives":[{"metric":"accuracy"},{"metric":"depth","direction":"min"}]}""";
        Assert.Contains(says, Assert.Throws<SpecException>(() => StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(text)!))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMetricOfSeveralMachinesSaysOfWhich()
    {
        Assert.Contains("got no device", Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec(objectives: """{"metric":"accuracy"},{"metric":"depth"}"""))).Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'depth'?", Assert.Throws<SpecException>(() => StudyCatalog.Open(Spec(objectives: """{"metric":"accuracy"},{"metric":"deph"}"""))).Message, StringComparison.Ordinal);
    }

    private sealed class Told(Action<Progress> tell) : IProgress<Progress>
    {
        public void Report(Progress value) => tell(value);
    }
}
