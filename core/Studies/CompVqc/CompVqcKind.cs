using System.Text.Json.Nodes;
using Hone.Data.Tables;
using Hone.Model;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Devices;

namespace Hone.Studies.CompVqc;

/// <summary>Quantum neural network compression (arXiv 2207.01578): angles brought to values that a machine's compiler makes short circuits of; each candidate is a solver's run.</summary>
internal sealed class CompVqcKind : IStudyKind
{
    private const int MostWhole = 8;   // qubits of a machine that is taken whole
    private static readonly string[] Measured = ["accuracy"];

    public string Method => "compvqc";

    public IStudy Open(StudySpec spec)
    {
        foreach (DeviceSpec device in spec.Devices)
            if (!DeviceCatalog.IsQuantum(device)) throw new SpecException($"devices: expected quantum machines ({QuantumDevice.Prefix}NAME) for {Method}, whose candidates are circuits, got '{device.Name}'");
        if (spec.Devices.Count == 0) throw new SpecException($"devices: expected at least one quantum machine ({string.Join(", ", DeviceCatalog.Names.Where(n => n.StartsWith(QuantumDevice.Prefix, StringComparison.Ordinal)))}), got none");
        foreach (Objective objective in spec.Objectives) Known(objective.Metric, spec, "objectives");
        foreach (Constraint constraint in spec.Constraints) Known(constraint.Metric, spec, "constraints");
        if (!spec.Objectives.Any(o => o.Metric == "accuracy")) throw new SpecException("objectives: expected 'accuracy' among them");
        CompVqcSettings settings = Settings(spec);
        spec = spec with { Devices = spec.Devices.Select(d => Resolved(d, settings.Config.Qubits)).ToValueList() };
        foreach (DeviceSpec device in spec.Devices)
            if (DeviceCatalog.OpenQuantum(device).Machine.Qubits is var qubits && qubits < settings.Config.Qubits)
                throw new SpecException($"devices.{device.Name}: expected a machine of at least {settings.Config.Qubits} qubits (model.qubits), it has {qubits}");
        return new CompVqcStudy(spec, settings);
    }

    /// <summary>
    /// A large machine with its <c>qubits</c> option answered: the part of as many qubits as the circuits have. Noise is simulated by density matrices, which must hold whatever routing touches.
    /// </summary>
    private static DeviceSpec Resolved(DeviceSpec device, int qubits)
    {
        if (device.Options.ContainsKey("qubits") || DeviceCatalog.OpenQuantum(device).Machine.Qubits <= MostWhole) return device;
        var options = (JsonObject)device.Options.DeepClone();
        options["qubits"] = qubits;
        return device with { Options = options };
    }

    private static void Known(string metric, StudySpec spec, string where)
    {
        if (Measured.Contains(metric)) return;
        string[] priced = [.. QuantumDevice.Metrics.AsEnumerable(), CompVqcWork.Noisy];
        if (!priced.Contains(DeviceMetric.Plain(metric)))
            throw new SpecException($"{where}: compvqc measures {string.Join(", ", [.. Measured, .. priced])}; got '{metric}'{(Nearest.Of(metric, [.. Measured, .. priced]) is { } near ? $"; did you mean '{near}'?" : "")}");
        if (spec.Devices.Count > 1 && DeviceMetric.Device(metric) is null)
            throw new SpecException($"{where}: expected {{metric: {metric}, device: NAME}} with one of {string.Join(", ", spec.Devices.Select(d => d.Name))}, since the study has several machines; got no device");
    }

    private static CompVqcSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        TableCounts usual = TableCatalog.Counts(spec.Data.Name);
        CompVqcConfig start = new();
        CompVqcConfig config = start with
        {
            Qubits = model.Integer("qubits", start.Qubits, 2, 12),
            Encoding = model.OneOf("encoding", "angle", "angle", "amplitude") == "angle" ? EncodingKind.Angle : EncodingKind.Amplitude,
            LogitScale = model.Number("logit_scale", start.LogitScale, 1e-3, 1e3),
            BatchSize = training.Integer("batch", start.BatchSize, 1, 65_536),
            DenseSteps = training.Integer("dense_steps", start.DenseSteps, 0, 1_000_000),
            DenseRate = training.Number("dense_rate", start.DenseRate, 1e-8, 10),
            Rounds = training.Integer("rounds", start.Rounds, 1, 10_000),
            RoundSteps = training.Integer("round_steps", start.RoundSteps, 1, 1_000_000),
            Rate = training.Number("rate", start.Rate, 1e-8, 10),
            FirstRho = training.Number("first_rho", start.FirstRho, 1e-9, 1e9),
            RhoDoublings = training.Integer("rho_doublings", start.RhoDoublings, 0, 60),
            FineTuneSteps = training.Integer("fine_tune_steps", start.FineTuneSteps, 0, 1_000_000),
        };
        var choices = new CompVqcChoices(
            Texts(model, "ansaetze", CompVqcSpace.Ansaetze, ["compvqc"], CompVqcSpace.Parse), Whole(model, "blocks", [1], 1, 16), model.Integer("starts", 1, 1, 1_000),
            Texts(model, "ways", VqcWays.Names, [.. VqcWays.Names], VqcWays.Parse), Shares(model, "rates", [0.1, 0.2, 0.35, 0.5]), [.. spec.Devices.Select(d => d.Name)]);
        int shots = model.Integer("shots", 1_024, 1, 1_000_000);
        var counts = new TableCounts(spec.Data.Train > 0 ? spec.Data.Train : usual.Train, training.Integer("validation", usual.Validation, 1), spec.Data.Test > 0 ? spec.Data.Test : usual.Test);
        model.Done();
        training.Done();
        config.Check();
        TableCatalog.Check(spec.Data.Name, counts);
        var (features, classes) = TableCatalog.Shape(spec.Data.Name);
        foreach (int blocks in choices.Blocks)
            foreach (AnsatzKind ansatz in choices.Ansaetze) _ = new VqcModel(config with { Blocks = blocks, Ansatz = ansatz }, features, classes);
        return new CompVqcSettings(config, choices, shots, counts, features, classes);
    }

    private static ValueList<T> Texts<T>(SpecReader reader, string key, IEnumerable<string> known, IReadOnlyList<string> usual, Func<string, T> parse)
    {
        IReadOnlyList<JsonNode> given = reader.List(key);
        string[] names = given.Count == 0 ? [.. usual] : [.. given.Select(n => n.ToString())];
        foreach (string name in names)
            if (!known.Contains(name)) throw new SpecException($"model.{key}: expected one of {string.Join(", ", known)}, got '{name}'{(Nearest.Of(name, [.. known]) is { } near ? $"; did you mean '{near}'?" : "")}");
        return [.. names.Distinct().Select(parse)];
    }

    private static ValueList<int> Whole(SpecReader reader, string key, IReadOnlyList<int> usual, int least, int most)
    {
        double[] numbers = [.. Numbers(reader, key, [.. usual.Select(u => (double)u)])];
        return numbers.All(n => n == Math.Floor(n) && n >= least && n <= most) ? [.. numbers.Select(n => (int)n)]
            : throw new SpecException($"model.{key}: expected whole numbers from {least} to {most}, got {string.Join(", ", numbers)}");
    }

    private static ValueList<double> Shares(SpecReader reader, string key, IReadOnlyList<double> usual)
    {
        double[] numbers = [.. Numbers(reader, key, usual)];
        return numbers.All(n => n is > 0 and <= 1) ? [.. numbers] : throw new SpecException($"model.{key}: expected shares of the angles above 0 and at most 1, got {string.Join(", ", numbers)}");
    }

    private static IEnumerable<double> Numbers(SpecReader reader, string key, IReadOnlyList<double> usual)
    {
        IReadOnlyList<JsonNode> given = reader.List(key);
        if (given.Any(n => n.GetValueKind() != System.Text.Json.JsonValueKind.Number)) throw new SpecException($"model.{key}: expected numbers, got {string.Join(", ", given.Select(n => n.ToJsonString()))}");
        return given.Count == 0 ? usual : given.Select(n => double.Parse(n.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order();
    }
}

/// <summary>What such a study is made of besides its specification.</summary>
/// <param name="Shots">Runs for a sample under noise.</param>
internal sealed record CompVqcSettings(CompVqcConfig Config, CompVqcChoices Choices, int Shots, TableCounts Counts, int Features, int Classes)
{
    /// <summary>A circuit's configuration.</summary>
    public CompVqcConfig Of(VqcCircuitKey circuit) => Config with { Ansatz = circuit.Ansatz, Blocks = circuit.Blocks };
}
