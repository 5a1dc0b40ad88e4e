using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Devices.Tables;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Devices;
using Hone.Quantum.Transpiling;

namespace Hone.Studies;

/// <summary>The devices that studies can name: those that this build models, and any that nodes measure.</summary>
public static class DeviceCatalog
{
    private static readonly string[] Counted = ["dsp", "lut", "ff", "bram18"];

    private const string PerSubnet = "per-subnet", One = "one", Chosen = "one:";

    private const string AttachedKind = "attached";

    private static readonly string[] Timed = ["latency_ms", Throughput.Metric];

    /// <summary>The names of all modelled devices.</summary>
    public static IEnumerable<string> Names => [.. BoardCatalog.All.Select(b => b.Name), .. BackendCatalog.Names.Select(n => QuantumDevice.Prefix + n)];

    /// <summary>Whether it is a quantum machine, which runs circuits and nothing else.</summary>
    public static bool IsQuantum(DeviceSpec device) => device.Name.StartsWith(QuantumDevice.Prefix, StringComparison.Ordinal);

    /// <summary>Whether it is a board of which host times are unknown.</summary>
    public static bool IsBoard(DeviceSpec device) => !IsAttached(device) && !IsQuantum(device);

    /// <summary>Whether nodes measure for it: it is priced from its table, which lies elsewhere.</summary>
    public static bool IsAttached(DeviceSpec device) => device.Kind == AttachedKind;

    /// <summary>Opens a device of a study; an attached one with its table.</summary>
    /// <param name="table">Gives an attached device's table.</param>
    /// <exception cref="SpecException">Unknown device (the nearest is named) or option.</exception>
    public static IDevice Open(DeviceSpec device, Func<string, CostTable> table) => IsAttached(device) ? new TableDevice(table(device.Name)) : Open(device);

    /// <exception cref="SpecException">Nothing that can be attached.</exception>
    private static void CheckAttached(DeviceSpec device)
    {
        if (!StudySpec.IsName(device.Name)) throw new SpecException($"devices: expected the name of an attached device, 1 to 64 letters, digits, '-', '_' or '.', got '{device.Name}'");
        if (Names.Contains(device.Name)) throw new SpecException($"devices.{device.Name}: expected a modelled device without kind, or another name for the attached one, got kind '{AttachedKind}'");
        new SpecReader(device.Options, $"devices.{device.Name}").Done();
    }

    /// <summary>
    /// Opens a quantum machine: one that comes along, or the one whose table (<see cref="MachineTable"/>) the option <c>machine</c> holds. <c>qubits</c>: only the connected part
    /// of so many of its qubits that errs least (0, the default: all of it); <c>level</c>: of the transpiler, 0 to 3 (default 3).
    /// </summary>
    /// <exception cref="SpecException">Unknown machine or option.</exception>
    public static QuantumDevice OpenQuantum(DeviceSpec device)
    {
        string where = $"devices.{device.Name}", name = device.Name[QuantumDevice.Prefix.Length..];
        if (device.Kind is not null) throw new SpecException($"{where}.kind: expected none for a quantum machine, got '{device.Kind}'");
        var options = new SpecReader(device.Options, where);
        string? table = options.Text("machine");
        int level = options.Integer("level", 3, 0, 3), qubits = options.Integer("qubits", 0);
        options.Done();
        try
        {
            Backend machine = table is null ? BackendCatalog.Find(name) : MachineTable.Parse(table) with { Name = name };
            return new QuantumDevice(qubits == 0 ? machine : machine.Part(qubits), new TranspileOptions(level, Schedule: true));
        }
        catch (HoneException e) when (e is not SpecException)
        {
            throw new SpecException($"{where}: {e.Message}");
        }
    }

    private static Board Modelled(DeviceSpec device)
    {
        if (device.Kind is not null) throw new SpecException($"devices.{device.Name}.kind: expected {AttachedKind}, or none for a modelled device, got '{device.Kind}'");
        try
        {
            return BoardCatalog.Find(device.Name);
        }
        catch (SpecException e)
        {
            throw new SpecException($"{e.Message}; a device that nodes measure is written {{name: {device.Name}, kind: {AttachedKind}}}");
        }
    }

    /// <summary>
    /// Opens a device of a study. Options: <c>host_ns_per_element</c>, <c>network_ms</c>, <c>block_ms</c> (host time, default 0: engine only), <c>clock_mhz</c>,
    /// <c>memory_bound</c> (default true: an operation is never faster than its traffic to the board's memory), <c>engine</c>: <c>per-subnet</c> (default: each subnet
    /// gets its fastest that fits), <c>one</c> (one for the whole front; see <see cref="Resolve"/>) or an engine's name; <c>dsp_at_most</c>, <c>lut_at_most</c>,
    /// <c>ff_at_most</c>, <c>bram18_at_most</c>: an engine takes no more than that, whatever the board's caps allow.
    /// </summary>
    /// <exception cref="SpecException">Unknown device (the nearest is named) or option.</exception>
    public static IDevice Open(DeviceSpec device)
    {
        if (IsQuantum(device)) return OpenQuantum(device);
        var options = new SpecReader(device.Options, $"devices.{device.Name}");
        Board board = Modelled(device);
        var host = new HostTimes(
            options.Number("network_ms", board.Host.NetworkMs, 0), options.Number("block_ms", board.Host.BlockMs, 0), options.Number("host_ns_per_element", board.Host.ElementNs, 0, 1_000));
        double clock = options.Number("clock_mhz", board.ClockMHz, 1, 2_000);
        bool memory = options.Flag("memory_bound", true);
        string engine = options.Text("engine", PerSubnet);
        EngineLimits limits = new(Limit(0), Limit(1), Limit(2), Limit(3));
        options.Done();
        board = (board with { Host = host, ClockMHz = clock, Ddr = board.Ddr with { Binds = memory }, Limits = limits }).Checked();
        return engine == PerSubnet ? new FpgaDevice(board) : new FpgaDevice(board, Fixed(board, engine, $"devices.{device.Name}.engine"));

        int Limit(int resource) => options.Integer($"{Counted[resource]}_at_most", int.MaxValue, 1, int.MaxValue);
    }

    /// <summary>A study's limits as one of its devices sees them: those on its own metrics, and those of no device.</summary>
    public static IEnumerable<Constraint> OfDevice(IEnumerable<Constraint> constraints, string device) => constraints
        .Where(c => DeviceMetric.Device(c.Metric) is null || DeviceMetric.Device(c.Metric) == device).Select(c => c with { Metric = DeviceMetric.Plain(c.Metric) });

    /// <summary>Refuses a metric of devices that does not say of which, where there are several, and one that nodes do not measure.</summary>
    /// <exception cref="SpecException">It does not, or they do not.</exception>
    public static void CheckMetric(string metric, StudySpec spec, string where)
    {
        string? name = DeviceMetric.Device(metric);
        if (spec.Devices.Count > 1 && name is null)
            throw new SpecException($"{where}: expected {{metric: {metric}, device: NAME}} with one of {string.Join(", ", spec.Devices.Select(d => d.Name))}, since the study has several devices; got no device");
        if (spec.Devices.FirstOrDefault(d => name is null || d.Name == name) is { } device && IsAttached(device) && !Timed.Contains(DeviceMetric.Plain(metric)))
            throw new SpecException($"{where}: expected {string.Join(" or ", Timed)} of {device.Name}, whose nodes measure time and nothing else; got '{DeviceMetric.Plain(metric)}'");
    }

    /// <summary>The device with a study's limits on resources among its options, so that it takes the fastest engine that keeps them. Tighter options stay.</summary>
    public static DeviceSpec Limited(DeviceSpec device, IEnumerable<Constraint> constraints)
    {
        if (!IsBoard(device)) return device;
        var options = (JsonObject)device.Options.DeepClone();
        foreach (Constraint c in constraints)
        {
            if (c.Side != Side.AtMost || !Counted.Contains(c.Metric) || !(c.Limit >= 1)) continue;   // a limit below 1 rejects every engine by itself
            int limit = (int)Math.Min(c.Limit, int.MaxValue);
            if (options[$"{c.Metric}_at_most"] is not JsonValue given || !given.TryGetValue(out int tighter) || tighter > limit) options[$"{c.Metric}_at_most"] = limit;
        }
        return device with { Options = options };
    }

    /// <summary>
    /// The device with <c>engine: one</c> answered: the engine of least total latency over the smallest, the largest and a fixed sample of the
    /// study's space, before any search; every other device as it is. The same specification always gets the same engine.
    /// </summary>
    /// <exception cref="SpecException">As <see cref="Open(DeviceSpec)"/>, and when no one engine runs the whole sample.</exception>
    public static DeviceSpec Resolve(DeviceSpec device, SearchSpace space, Func<Candidate, Workload> lower)
    {
        if (IsAttached(device))
        {
            CheckAttached(device);
            return device;
        }
        bool one = device.Options["engine"] is JsonValue value && value.ToString() is { } text && (text == One || text.StartsWith(Chosen, StringComparison.Ordinal));
        if (!one)
        {
            Open(device);
            return device;
        }
        var options = (JsonObject)device.Options.DeepClone();
        options.Remove("engine");
        var free = (FpgaDevice)Open(device with { Options = options });
        options["engine"] = Chosen + ForAll(free, SpaceSample.Of(space).Select(lower), $"devices.{device.Name}.engine");
        return device with { Options = options };
    }

    private static string ForAll(FpgaDevice device, IEnumerable<Workload> sample, string where)
    {
        try
        {
            return EngineChoice.ForAll(device, sample).Name;
        }
        catch (HoneException e) when (e is not SpecException)
        {
            throw new SpecException($"{where}: {e.Message}");
        }
    }

    private static FixedEngine Fixed(Board board, string engine, string where)
    {
        if (engine == One) throw new SpecException($"{where}: 'one' is chosen over the space of a study, and there is none here; expected {PerSubnet} or an engine's name");
        bool chosen = engine.StartsWith(Chosen, StringComparison.Ordinal);
        string name = chosen ? engine[Chosen.Length..] : engine;
        string[] known = [PerSubnet, One, .. board.Candidates().Select(e => e.Name)];
        if (!known.Skip(2).Contains(name))
            throw new SpecException($"{where}: expected {PerSubnet}, {One} or an engine's name (such as {known[2]}), got '{engine}'"
                + (Nearest.Of(name, known) is { } near ? $"; did you mean '{near}'?" : ""));
        return new FixedEngine(name, chosen ? $"one engine for the whole front, the least total latency over {SpaceSample.Says}" : "the one engine that the study names");
    }
}
