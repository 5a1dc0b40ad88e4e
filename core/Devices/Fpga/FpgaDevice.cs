using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>
/// An FPGA board priced by an analytic cycle model: never a measurement. One engine serves every layer; without a configuration it is the
/// fastest of the board's engines that fits, so each subnet gets tile sizes of its own, or the device's one engine where it has one. Safe for many threads.
/// </summary>
public sealed class FpgaDevice : IDevice
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly bool[]?[] _fitsByDepth = new bool[]?[64];

    private readonly FixedEngine? _fixed;

    /// <param name="engine">The engine that every workload is priced on; null: each gets its fastest that fits.</param>
    /// <exception cref="SpecException">The board's record is incomplete or absurd, or the engine is unknown or too large whatever runs on it.</exception>
    public FpgaDevice(Board board, FixedEngine? engine = null)
    {
        Board = board.Checked();
        Candidates = [.. board.Candidates()];
        for (int e = 0; e < Candidates.Length; e++)
            if (!_byName.TryAdd(Candidates[e].Name, e)) throw new SpecException($"board '{board.Name}' lists engine {Candidates[e].Name} twice; list it once");
        Memo = new GemmMemo(Candidates, Board);
        Calibration = board.Calibration;
        _fixed = engine;
        Only = engine is null ? -1 : IndexOf(engine.Name);
        if (Only >= 0 && Resources.Of(Candidates[Only], board, 1).Misfit(board, Candidates[Only]) is { } no)
            throw new SpecException($"engine {engine!.Name} does not fit: {no.Reason}; name a smaller one");
    }

    /// <summary>What the model prices and what it turns down, for people.</summary>
    public static string CoverageSummary => "prices inference of integer and binary matrix products, attention, element-wise functions and token selection; refuses convolution, "
        + "recurrent layers, crossbars, circuits, training, float, power-of-two and stochastic operands, products on the ARM cores";

    /// <summary>The device of a catalogued board, for example "zcu102".</summary>
    /// <exception cref="SpecException">No such board; the nearest name is given.</exception>
    public static FpgaDevice Find(string name) => new(BoardCatalog.Find(name));

    /// <summary>The board's name; with one engine for all, "board/engine", so that every measurement says which.</summary>
    public string Name => _fixed is null ? Board.Name : $"{Board.Name}/{_fixed.Name}";

    public Board Board { get; }

    /// <summary>The model's version and the terms it leaves out; part of every quote.</summary>
    public string Calibration { get; }

    /// <summary>All engines of the board's grids, those that do not fit included.</summary>
    internal Engine[] Candidates { get; }

    internal GemmMemo Memo { get; }

    /// <summary>Index of the one engine that everything is priced on; -1 when each workload gets its own.</summary>
    internal int Only { get; }

    /// <summary>All engines of the board's grids, those that do not fit included.</summary>
    public ReadOnlySpan<Engine> Engines => Candidates;

    public Coverage Covers(Workload workload) => Coverages.Of(workload);

    /// <summary>The engines that fit the board for this workload; the device's one engine where it has one.</summary>
    public IEnumerable<Configuration> Configurations(Workload workload)
    {
        if (!Covers(workload).Complete) return [];
        bool[] fits = Fits(new FpgaPricer(this, Schedule.Once(workload)).Columns);
        return [.. Candidates.Where((_, e) => fits[e] && (Only < 0 || e == Only)).Select(Describe)];
    }

    public Quote Price(Schedule schedule, Configuration? configuration = null) => FpgaQuote.Of(this, schedule, configuration);

    /// <summary>
    /// Milliseconds of one run of the workload on the engine, the mean over sizes that vary: bit for bit the latency of
    /// <see cref="Price"/>, without its details. Whether the engine fits is not asked.
    /// </summary>
    /// <exception cref="HoneException">The workload holds an operation that is not covered.</exception>
    public double LatencyMs(Workload workload, Engine engine) => LatencyMs(workload, IndexOf(engine.Name));

    /// <summary>As the other, by the engine's index in <see cref="Engines"/>.</summary>
    public double LatencyMs(Workload workload, int engine) => new OneEngine(this, engine).Ms(workload, null);

    /// <summary>The fastest engine that fits and the milliseconds on it; null when none fits.</summary>
    /// <exception cref="HoneException">The workload holds an operation that is not covered.</exception>
    public (Engine Engine, double LatencyMs)? Best(Workload workload)
    {
        var pricer = new FpgaPricer(this, Schedule.Once(workload));
        int best = pricer.Best();
        return best < 0 ? null : (Candidates[best], pricer.LatencyMs(best));
    }

    /// <summary>The engines that fit when so many columns stream at most.</summary>
    public IReadOnlyList<Engine> Fitting(int columns)
    {
        bool[] fits = Fits(columns);
        return [.. Candidates.Where((_, e) => fits[e])];
    }

    /// <summary>Index of an engine by its name.</summary>
    /// <exception cref="SpecException">The board has no such engine.</exception>
    public int IndexOf(string engine) => _byName.TryGetValue(engine, out int index) ? index
        : throw new SpecException($"{Board.Name} has no engine '{engine}': expected a name like '{Candidates[0].Name}' (Th x Tm x Tk of the board's grids)"
            + (Nearest.Of(engine, _byName.Keys) is { } near ? $"; did you mean '{near}'?" : ""));

    /// <summary>Which candidates fit when so many columns stream at most. Do not write to it.</summary>
    internal bool[] Fits(int columns)
    {
        int depth = GemmLatency.Ceil(columns, Resources.BankDepth);
        if (depth < _fitsByDepth.Length && Volatile.Read(ref _fitsByDepth[depth]) is bool[] known) return known;
        bool[] fits = new bool[Candidates.Length]; // (candidates)
        for (int e = 0; e < fits.Length; e++) fits[e] = Resources.Of(Candidates[e], Board, columns).Misfit(Board, Candidates[e]) is null;
        if (depth < _fitsByDepth.Length) Volatile.Write(ref _fitsByDepth[depth], fits);
        return fits;
    }

    /// <summary>Index of the engine that serves: the one of the device if it fits, else the fastest that fits; -1 when there is none.</summary>
    internal int Fastest(double[] latency, bool[] fits)
    {
        if (Only >= 0) return fits[Only] ? Only : -1;
        int best = -1;
        for (int e = 0; e < latency.Length; e++)
            if (fits[e] && (best < 0 || latency[e] < latency[best])) best = e;
        return best;
    }

    /// <summary>Milliseconds of so many cycles and, after them, so many elements on the ARM cores.</summary>
    internal double Ms(double cycles, double elements) => cycles / (Board.ClockMHz * 1e3) + elements * Board.Host.ElementNs * 1e-6;

    /// <summary>t_blk of the block that an attention operation stands for; 0 for every other operation.</summary>
    internal double BlockMs(Op op) => op is Op.Attention ? op.Repeat * Board.Host.BlockMs : 0;

    internal Configuration Describe(Engine e) => new(e.Name,
        $"Th {e.Th}, Tm {e.Tm}, Tk {e.Tk}; {e.Kind.WeightBits}-bit weights x {e.Kind.ActivationBits}-bit activations, {e.Kind.Pack} per DSP; ports {e.Ports.Input}/{e.Ports.Weights}/{e.Ports.Output}"
        + (_fixed?.Name == e.Name ? $"; {_fixed.Why}" : ""));
}
