using Hone.Data;
using Hone.Data.Tables;
using Hone.Export;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Devices;
using Hone.Quantum.Qasm;
using Hone.Quantum.Transpiling;
using Hone.Studies.Images;

namespace Hone.Studies.CompVqc;

/// <summary>The computing side: circuits trained once, a solver's run for each candidate, priced and judged under noise on every machine of the study.</summary>
internal sealed class CompVqcWork(CompVqcStudy study, CompVqcSettings settings, WorkPlace place) : IStudyWork
{
    /// <summary>Percent of samples right on a noisy machine with finite shots and wrong readings.</summary>
    public const string Noisy = "noisy_accuracy";

    private const int ProbeSamples = 1_000;
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(2);
    private static readonly TranspileOptions Compiled = new(Schedule: true);
    private TableSplit? _parts;

    public string Numerics => Neural.Numerics.Machine;

    public BlobId? Data => Parts.Train.Id();

    private TableSplit Parts => _parts ??= TableCatalog.Load(study.Spec.Data.Name, place.Data, study.Spec.Data.Path, settings.Counts with { Test = 0 }, study.Spec.Seed);

    public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel)
    {
        Dictionary<string, VqcState> trained = checkpoint is { } at ? VqcFile.ReadTrained(MemberFiles.Bytes(place.Blobs, at)) : new(StringComparer.Ordinal);
        VqcCircuitKey[] circuits = [.. CompVqcSpace.Circuits(settings.Choices)];
        long steps = (long)circuits.Length * settings.Config.DenseSteps, last = place.Clock.GetTimestamp();
        foreach (VqcCircuitKey circuit in circuits.Where(c => !trained.ContainsKey(c.ToString())))
        {
            progress.Report(new Progress("training circuits", (long)trained.Count * settings.Config.DenseSteps, steps));
            if (cancel.IsCancellationRequested) Save();
            cancel.ThrowIfCancellationRequested();
            VqcTraining training = Training(circuit, Model(circuit));
            trained[circuit.ToString()] = training.Run(training.Begin(), settings.Config.DenseSteps, settings.Config.DenseRate);
            if (place.Clock.GetElapsedTime(last) < CheckpointEvery) continue;
            Save();
            last = place.Clock.GetTimestamp();
        }
        progress.Report(new Progress("training circuits", steps, steps));
        return place.Blobs.Put(VqcFile.Write(trained));

        void Save()
        {
            if (trained.Count > 0) checkpointed(place.Blobs.Put(VqcFile.Write(trained)), (long)trained.Count * settings.Config.DenseSteps);
        }
    }

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel) => Evaluate(shared, candidate, images, CandidateTraining.Of(1), cancel);

    public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CandidateTraining training, CancellationToken cancel)
    {
        CompressionState done = Solve(shared, candidate, training, cancel);
        var (model, weights) = (Model(Plan(candidate).Circuit), done.Training.Weights);
        VqcData validation = Encoded(Parts.Validation);
        bool[] correct = model.Correct(validation, weights);
        List<Measurement> measured = [Accuracy("accuracy", correct), .. Residuals(done)];
        foreach (DeviceSpec device in study.Spec.Devices)
        {
            QuantumDevice machine = DeviceCatalog.OpenQuantum(device);
            NoisyClassifier noisy = OnMachine(model, weights, machine, candidate);
            measured.AddRange(Named(machine, [.. machine.Totals(Read(noisy.Made, model.Classes, machine), settings.Shots).AsEnumerable(), Under(Noisy, noisy, validation, machine)]));
        }
        return new Evaluation([.. measured], Accuracies.Words(new Neural.CorrectBits(correct)), place.Blobs.Put(VqcFile.Write(done)));
    }

    public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel) => Finish(shared, member, new TrainedCandidate(1, null), progress, cancel);

    public FinishedMember Finish(BlobId shared, FrontMember member, TrainedCandidate trained, IProgress<Progress> progress, CancellationToken cancel)
    {
        Candidate candidate = study.Space.Parse(member.Key);
        CompressionState done = trained.Weights is { } blob ? VqcFile.ReadSolver(MemberFiles.Bytes(place.Blobs, blob)) : Solve(shared, candidate, CandidateTraining.Of(trained.Share) with { Progress = progress }, cancel);
        var (model, weights) = (Model(Plan(candidate).Circuit), done.Training.Weights);
        progress.Report(new Progress("test set", 1, 3));
        TableSplit parts = TableCatalog.Load(study.Spec.Data.Name, place.Data, study.Spec.Data.Path, settings.Counts, study.Spec.Seed);
        VqcData test = Encoded(parts.Test);
        List<Measurement> measured = [Accuracy("test_accuracy", model.Correct(test, weights))];
        var files = new List<(string, byte[])>();
        foreach (DeviceSpec device in study.Spec.Devices)
        {
            QuantumDevice machine = DeviceCatalog.OpenQuantum(device);
            NoisyClassifier noisy = OnMachine(model, weights, machine, candidate);
            measured.AddRange(Named(machine, [Under($"test_{Noisy}", noisy, test, machine)]));
            files.Add((CircuitFiles.On(machine.Machine.Name), Text(QasmWriter.Write3(WithReadout(noisy.Made.Circuit, [.. noisy.Made.Final.AsEnumerable().Take(model.Classes)])))));
        }
        progress.Report(new Progress("export and check", 2, 3));
        Circuit circuit = WithReadout(VqcCircuit.Bound(model, weights), [.. Enumerable.Range(0, model.Classes)]);
        VqcData probed = new(test.Angles[..(Math.Min(ProbeSamples, test.Samples) * test.Inputs)], test.Labels[..Math.Min(ProbeSamples, test.Samples)], test.Inputs);
        files.Add((CircuitFiles.Circuit3, Text(QasmWriter.Write3(circuit))));
        files.Add((CircuitFiles.Circuit2, Text(QasmWriter.Write2(circuit.Bind(probed.Angles[..probed.Inputs])))));
        files.Add((CircuitProbe.FileName, CircuitProbe.Of(model, probed, weights).ToBytes()));
        if (done.Residuals.Count > 0) files.Add((TrainingCurves.FileName, Curves(done)));
        var manifest = new Manifest(Manifest.CurrentFormat, study.Spec.Study, study.Spec.Method, study.Spec.Seed, member.Ordinal, member.Key, Manifest.GenesOf(candidate),
            member.With([.. measured]).Measurements, [new DataUse(study.Spec.Data.Name, "train", parts.Train.Id()), new DataUse(study.Spec.Data.Name, "test", parts.Test.Id())]);
        return new FinishedMember([.. measured], MemberFiles.Store(place.Blobs, folder => ModelFolder.Write(folder, manifest, files)));
    }

    /// <summary>The candidate's solver from its checkpoint on, or from its circuit's first training.</summary>
    private CompressionState Solve(BlobId shared, Candidate candidate, CandidateTraining training, CancellationToken cancel)
    {
        VqcPlan plan = Plan(candidate);
        CompVqcConfig config = Shortened(settings.Of(plan.Circuit), training.Share);
        VqcModel model = Model(plan.Circuit);
        var solver = new VqcSolver(model, Encoded(Parts.Train), config, Seed(plan.Circuit), plan.Way, plan.Rate, Target.Of(DeviceCatalog.OpenQuantum(study.Spec.Devices[plan.Target]).Machine));
        CompressionState state = training.Checkpoint is { } at ? VqcFile.ReadSolver(MemberFiles.Bytes(place.Blobs, at)) : solver.Begin(VqcFile.ReadTrained(MemberFiles.Bytes(place.Blobs, shared))[plan.Circuit.ToString()]);
        long last = place.Clock.GetTimestamp();
        while (!solver.IsDone(state))
        {
            if (cancel.IsCancellationRequested) Save();
            cancel.ThrowIfCancellationRequested();
            state = solver.Next(state);
            training.Progress.Report(new Progress("solving", solver.StepsOf(state), solver.Steps, Figures(state)));
            if (place.Clock.GetElapsedTime(last) < CheckpointEvery) continue;
            Save();
            last = place.Clock.GetTimestamp();
        }
        return state;

        void Save()
        {
            if (state.Round > 0) training.Checkpointed(place.Blobs.Put(VqcFile.Write(state)), solver.StepsOf(state));
        }
    }

    private VqcPlan Plan(Candidate candidate) => CompVqcSpace.Of(candidate, settings.Choices);

    private VqcModel Model(VqcCircuitKey circuit) => new(settings.Of(circuit), settings.Features, settings.Classes);

    private VqcTraining Training(VqcCircuitKey circuit, VqcModel model) => new(model, Encoded(Parts.Train), settings.Of(circuit), Seed(circuit));

    // Starts are neighbours in seed, and seeds of studies are small numbers: far apart, so that no study's start is another's.
    private ulong Seed(VqcCircuitKey circuit) => study.Spec.Seed + ((ulong)circuit.Start << 32);

    private VqcData Encoded(Table table) => VqcData.Encode(table.Features, table.Width, table.Labels, settings.Config.Encoding, settings.Config.Qubits);

    private static CompVqcConfig Shortened(CompVqcConfig config, double share) => config with
    {
        RoundSteps = Math.Max(1, (int)Math.Round(config.RoundSteps * share)), FineTuneSteps = (int)Math.Round(config.FineTuneSteps * share),
    };

    private static NoisyClassifier OnMachine(VqcModel model, double[] weights, QuantumDevice machine, Candidate candidate)
    {
        try
        {
            return new NoisyClassifier(model, weights, machine.Machine, Compiled);
        }
        catch (HoneException e)
        {
            throw new EvaluationException("machine", $"{candidate.Key} on {machine.Name}: {e.Message}");
        }
    }

    /// <summary>The cost of the circuit and of reading its classes' qubits.</summary>
    private static CircuitCost Read(Transpiled made, int classes, QuantumDevice machine) => CircuitCost.Of(WithReadout(made.Circuit, [.. made.Final.AsEnumerable().Take(classes)]), Target.Of(machine.Machine));

    private static Circuit WithReadout(Circuit circuit, int[] read) => circuit with
    {
        BitRegisters = [new Register("c", 0, read.Length)], Instructions = [.. circuit.Instructions.AsEnumerable(), .. read.Select((q, bit) => new Instruction.Measure(q, bit))],
    };

    private Measurement Under(string metric, NoisyClassifier noisy, VqcData data, QuantumDevice machine) =>
        Accuracy(metric, noisy.Correct(data, data.Samples, settings.Shots, new Chance(study.Spec.Seed, Streams.Sampling))) with { Device = machine.Name, Calibration = machine.Machine.Calibration };

    private IEnumerable<Measurement> Named(QuantumDevice machine, ValueList<Measurement> said) => DeviceMetric.Of(said, machine.Name, study.Spec.Devices.Count).AsEnumerable();

    private static Measurement Accuracy(string metric, bool[] correct)
    {
        double share = correct.Count(c => c) / (double)correct.Length;
        return new Measurement(metric, Math.Round(100 * share, 4), "%", Origin.Simulated, Math.Round(100 * Math.Sqrt(share * (1 - share) / correct.Length), 4));
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static ValueList<Figure> Figures(CompressionState state) => state.Residuals is [.., var last]
        ? [new Figure(SolverFigures.Primal, last.Primal), new Figure(SolverFigures.Dual, last.Dual), new Figure(SolverFigures.Rho, last.Rho)] : [];

    private static IEnumerable<Measurement> Residuals(CompressionState done) => done.Residuals is not [.., var last] ? []
        : [new(SolverFigures.PrimalMetric, Math.Round(last.Primal, 6), "1", Origin.Simulated), new(SolverFigures.DualMetric, Math.Round(last.Dual, 6), "1", Origin.Simulated)];

    private static byte[] Curves(CompressionState done)
    {
        (string, string, string, IEnumerable<(long, double)>) Curve(string metric, Func<Residual, double> of) => ("solver", metric, "round", done.Residuals.AsEnumerable().Select(r => ((long)r.Round, Math.Round(of(r), 6))));
        return TrainingCurves.Json([Curve(SolverFigures.Primal, r => r.Primal), Curve(SolverFigures.Dual, r => r.Dual)]);
    }

    public void Dispose()
    {
    }
}
