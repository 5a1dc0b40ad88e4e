using System.Text.Json.Nodes;

namespace Hone.Model;

/// <summary>Which data a study uses: a known set's name or a folder, and how many images it may train on and keep for the final test (0: all).</summary>
public sealed record DataSpec(string Name, string? Path, int Train, int Test);

/// <summary>A device by name; <paramref name="Kind"/> "attached" waits for a node of that name; options are the device's own.</summary>
public sealed record DeviceSpec(string Name, string? Kind, JsonObject Options);

/// <summary>How to search.</summary>
/// <param name="Algorithm">The searcher's name.</param>
/// <param name="Population">Of its size; what it is used for is the searcher's.</param>
/// <param name="Window">How many ordinals may be open while the next is asked.</param>
/// <param name="Rungs">Of <see cref="Halving"/>; null for every other algorithm, whose candidates are all evaluated in full.</param>
public sealed record SearchSpec(string Algorithm, int Population, int Window, Rungs? Rungs = null)
{
    /// <summary>The algorithm that has rungs.</summary>
    public const string Halving = "halving";

    /// <summary>The share of the training that an ordinal of this fidelity is given, in (0, 1]; 1 without rungs.</summary>
    public double Share(int? fidelity) => fidelity is { } rung && Rungs is not null ? Rungs.Share(rung) : 1;
}

/// <summary>When to stop: evaluated trials (on whatever rung), minutes of search, and hours that compute slots spent on its evaluations (0: no limit).</summary>
public sealed record BudgetSpec(int Trials, double Minutes, double SlotHours);

/// <summary>Its place among other studies of the cluster; changes when it is computed, never what comes out.</summary>
/// <param name="Priority">A higher one goes first and takes slots from lower ones, at their next checkpoint.</param>
/// <param name="Weight">Among equal priorities each study gets slot time in proportion to it.</param>
/// <param name="Slots">Most slots at once; 0: no limit.</param>
/// <param name="Tenant">Whom it is for: a tenant's studies share a limit of slots, where the cluster sets one.</param>
public sealed record ScheduleSpec(int Priority, int Weight, int Slots, string Tenant);

/// <summary>What happens to the front: how many members are exported, how many images rank once more, and how many candidates besides the front at most.</summary>
public sealed record FinishSpec(int Members, int RankImages, int RankCandidates);

/// <summary>A study as the user wrote it, checked. The method's own sections (<see cref="Model"/>, <see cref="Training"/>) are read by its study kind.</summary>
public sealed record StudySpec(
    string Study, string Method, DataSpec Data, JsonObject Model, ValueList<DeviceSpec> Devices, ValueList<Objective> Objectives,
    ValueList<Constraint> Constraints, SearchSpec Search, BudgetSpec Budget, JsonObject Training, FinishSpec Finish, ulong Seed, ScheduleSpec Schedule)
{
    private static readonly string[] KnownUnits = ["%", "ms", "us", "mJ", "W", "1/s", "1"];

    /// <summary>Parses and checks a whole study.</summary>
    /// <exception cref="SpecException">An unknown key, a wrong type, a value out of range: the message names it.</exception>
    public static StudySpec Parse(JsonObject text)
    {
        var top = new SpecReader(text, "");
        string study = top.Text("study", ""), method = top.Text("method", "");
        SpecReader data = top.Section("data"), search = top.Section("search"), budget = top.Section("budget"), finish = top.Section("finish"), schedule = top.Section("schedule");
        var spec = new StudySpec(
            study, method,
            new DataSpec(data.Text("name", ""), data.Text("path"), data.Integer("train", 0), data.Integer("test", 0)),
            Copy(top.Raw("model")),
            top.List("devices").Select((node, i) => Device(node, $"devices[{i}]")).ToValueList(),
            top.List("objectives").Select((node, i) => ReadObjective(node, $"objectives[{i}]")).ToValueList(),
            top.List("constraints").Select((node, i) => ReadConstraint(node, $"constraints[{i}]")).ToValueList(),
            ReadSearch(search),
            new BudgetSpec(budget.Integer("trials", 300, 1, 10_000_000), budget.Number("minutes", 0, 0), budget.Number("slot_hours", 0, 0)),
            Copy(top.Raw("training")),
            new FinishSpec(finish.Integer("members", 8, 1, 1_000), finish.Integer("rank_images", 3_000, 1), finish.Integer("rank_candidates", 30, 0)),
            (ulong)top.Integer("seed", 1),
            new ScheduleSpec(schedule.Integer("priority", 0, -100, 100), schedule.Integer("weight", 1, 1, 1_000), schedule.Integer("slots", 0), schedule.Text("tenant", "default")));
        spec = spec with
        {
            Objectives = spec.Objectives.Select((o, i) => o with { Metric = OfDevices(o.Metric, spec.Devices, $"objectives[{i}]") }).ToValueList(),
            Constraints = spec.Constraints.Select((c, i) => c with { Metric = OfDevices(c.Metric, spec.Devices, $"constraints[{i}]") }).ToValueList(),
        };
        foreach (SpecReader section in new[] { top, data, search, budget, finish, schedule }) section.Done();
        Require(IsName(spec.Schedule.Tenant), $"schedule.tenant: expected a name of 1 to 64 letters, digits, '-', '_' or '.', got '{spec.Schedule.Tenant}'");
        Require(IsName(study), $"study: expected a name of 1 to 64 letters, digits, '-', '_' or '.', got '{study}'");
        Require(method.Length > 0, "method: expected the name of a method, got nothing");
        Require(spec.Data.Name.Length > 0 || spec.Data.Path is not null, "data: expected a name (fashion-mnist, cifar-10, image-folder) or a path, got neither");
        Require(spec.Objectives.Count > 0, "objectives: expected at least one {metric, direction}, got none");
        return spec;
    }

    /// <summary>Whether a text may name a study or a tenant.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text[0] != '.';

    private static JsonObject Copy(JsonObject? node) => (JsonObject?)node?.DeepClone() ?? [];

    // A key that would change nothing is an error too: who gives rungs and forgets the algorithm trains every candidate in full.
    private static SearchSpec ReadSearch(SpecReader search)
    {
        string algorithm = search.Text("algorithm", "nsga2");
        bool halving = algorithm == SearchSpec.Halving;
        foreach (string key in new[] { "rungs", "eta" })
            Require(halving || !search.Has(key), $"search.{key}: expected search.algorithm: {SearchSpec.Halving} beside it, the one that has rungs; got '{algorithm}'");
        return new SearchSpec(algorithm, search.Integer("population", 32, 2, 10_000), search.Integer("window", 4, 0, 4_096), !halving ? null
            : new Rungs(search.Integer("rungs", Rungs.Default.Count, 2, Rungs.MostCount), search.Integer("eta", Rungs.Default.Eta, 2, Rungs.MostEta)));
    }

    private static DeviceSpec Device(JsonNode node, string where)
    {
        if (node is JsonValue) return new DeviceSpec(node.ToString(), null, []);
        if (node is not JsonObject section) throw new SpecException($"{where}: expected a device name or {{name, kind, ...}}");
        var options = (JsonObject)section.DeepClone();
        options.Remove("name");
        options.Remove("kind");
        var reader = new SpecReader(section, where);
        return new DeviceSpec(reader.Text("name") ?? throw new SpecException($"{where}: expected a name"), reader.Text("kind"), options);
    }

    private static Objective ReadObjective(JsonNode node, string where)
    {
        var reader = new SpecReader(node as JsonObject ?? throw new SpecException($"{where}: expected {{metric, device, direction, unit}}"), where);
        string metric = Metric(reader, where);
        string direction = reader.OneOf("direction", IsBetterLarge(metric) ? "max" : "min", "min", "max", "minimize", "maximize");
        string unit = reader.OneOf("unit", UnitOf(metric), KnownUnits);
        reader.Done();
        return new Objective(metric, direction.StartsWith("max", StringComparison.Ordinal) ? Direction.Maximize : Direction.Minimize, unit);
    }

    private static Constraint ReadConstraint(JsonNode node, string where)
    {
        var reader = new SpecReader(node as JsonObject ?? throw new SpecException($"{where}: expected {{metric, at_most}} or {{metric, at_least}}"), where);
        string metric = Metric(reader, where);
        double most = reader.Number("at_most", double.NaN), least = reader.Number("at_least", double.NaN);
        reader.Done();
        Require(double.IsNaN(most) != double.IsNaN(least), $"{where}: expected either at_most or at_least");
        return double.IsNaN(most) ? new Constraint(metric, Side.AtLeast, least) : new Constraint(metric, Side.AtMost, most);
    }

    private static string Metric(SpecReader reader, string where)
    {
        string metric = reader.Text("metric") ?? throw new SpecException($"{where}: expected a metric");
        return reader.Text("device") is { } device ? DeviceMetric.Of(DeviceMetric.Plain(metric), device) : metric;
    }

    // On one device its name is no part of a metric; on several it is said of which, and the kind of study says which metrics are a device's.
    private static string OfDevices(string metric, ValueList<DeviceSpec> devices, string where)
    {
        if (DeviceMetric.Device(metric) is not { } device) return metric;
        string[] names = [.. devices.Select(d => d.Name)];
        Require(names.Contains(device), $"{where}.device: expected one of the study's devices ({string.Join(", ", names)}), got '{device}'{(Nearest.Of(device, names) is { } near ? $"; did you mean '{near}'?" : "")}");
        return names.Length == 1 ? DeviceMetric.Plain(metric) : metric;
    }

    private static bool IsBetterLarge(string metric) => metric.Contains("accuracy", StringComparison.Ordinal) || DeviceMetric.Plain(metric) is Throughput.Metric or "success";

    private static string UnitOf(string metric) => DeviceMetric.Plain(metric) switch
    {
        var plain when plain.Contains("accuracy", StringComparison.Ordinal) => "%",
        var plain when plain.EndsWith("_ms", StringComparison.Ordinal) => "ms",
        var plain when plain.EndsWith("_us", StringComparison.Ordinal) => "us",
        var plain when plain.EndsWith("_mj", StringComparison.Ordinal) => "mJ",
        Throughput.Metric => "1/s",
        _ => "1",
    };

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new SpecException(message);
    }
}
