using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Shares of a board's resources that an engine may take, in percent.</summary>
public sealed record Caps(int Dsp, int Lut, int FlipFlops, int Bram18);

/// <summary>Time spent outside the engine: once per network, once per attention block, and per element handled by the ARM cores.</summary>
/// <param name="NetworkMs">t_net.</param>
/// <param name="BlockMs">t_blk; unknown, published designs point at 0.07 to 0.30 ms.</param>
/// <param name="ElementNs">e_host; unknown, 0 to 1 ns for layer norms, softmax and GELU.</param>
public sealed record HostTimes(double NetworkMs, double BlockMs, double ElementNs)
{
    /// <summary>All 0: what the golden values and the boards' records hold; every quote says so.</summary>
    public static readonly HostTimes EngineOnly = new(0, 0, 0);
}

/// <summary>External memory.</summary>
/// <param name="BytesPerSecond">Peak.</param>
/// <param name="Efficiency">Share of the peak that long bursts reach. [proposal]</param>
/// <param name="Binds">Whether an operation is never faster than its traffic; when false the traffic is only reported.</param>
public sealed record Ddr(double BytesPerSecond, double Efficiency, bool Binds);

/// <summary>The most of each resource that an engine may take, where a study asks for less than the caps.</summary>
public sealed record EngineLimits(int Dsp, int Lut, int FlipFlops, int Bram18)
{
    /// <summary>No limit but the board's caps.</summary>
    public static readonly EngineLimits None = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);
}

/// <summary>An FPGA board as data: what it has, what an engine may take, and the engines to choose from.</summary>
/// <param name="BaseLut">U0: logic taken before the first product.</param>
/// <param name="Part">The device on the board.</param>
/// <param name="Sources">Where each figure comes from: [vendor], [recalled], [third party], [proposal].</param>
public sealed record Board(
    string Name, int Dsp, int Lut, int FlipFlops, int Bram18, Caps Caps, int BaseLut,
    double ClockMHz, Ports Ports, Ddr Ddr, HostTimes Host, ValueList<EngineGrid> Engines,
    string Part = "", string Sources = "")
{
    /// <summary>What a study asks for beyond the caps.</summary>
    public EngineLimits Limits { get; init; } = EngineLimits.None;

    /// <summary>DSP slices that an engine may take.</summary>
    public int DspCap => Math.Min(Share(Dsp, Caps.Dsp), Limits.Dsp);

    /// <summary>LUTs that an engine may take, U0 included.</summary>
    public int LutCap => Math.Min(Share(Lut, Caps.Lut), Limits.Lut);

    /// <summary>Flip-flops that an engine may take.</summary>
    public int FlipFlopCap => Math.Min(Share(FlipFlops, Caps.FlipFlops), Limits.FlipFlops);

    /// <summary>18 Kb blocks that an engine may take.</summary>
    public int Bram18Cap => Math.Min(Share(Bram18, Caps.Bram18), Limits.Bram18);

    /// <summary>Bytes that the external memory delivers per cycle of the engine.</summary>
    public double BytesPerCycle => Ddr.BytesPerSecond * Ddr.Efficiency / (ClockMHz * 1e6);

    /// <summary>Every engine of the grids, in their order.</summary>
    public List<Engine> Candidates()
    {
        var engines = new List<Engine>();
        foreach (EngineGrid grid in Engines)
            foreach (int th in grid.Th)
                foreach (int tm in grid.Tm)
                    foreach (int tk in grid.Tk)
                        engines.Add(new Engine(th, tm, tk, grid.Kind, Ports));
        return engines;
    }

    /// <summary>What every quote says of its model: version, clock, and which terms are left out.</summary>
    public string Calibration
    {
        get
        {
            string left = Host == HostTimes.EngineOnly ? "engine only: " : "";
            string memory = Ddr.Binds ? $"{Ddr.BytesPerSecond * Ddr.Efficiency / 1e9:0.##} GB/s" : "off";
            return $"fpga-model 2, {ClockMHz} MHz, {left}t_net {Host.NetworkMs} ms, t_blk {Host.BlockMs} ms, e_host {Host.ElementNs} ns, memory bound {memory}";
        }
    }

    /// <summary>Products per cycle beyond which an engine is taken for a slip of the pen; the largest boards of today hold some 10,000 slices.</summary>
    private const int MostProducts = 1 << 20;

    /// <summary>Words per cycle that the ports may move for each word that the memory delivers at its peak; the rest would stand idle.</summary>
    private const double MostPortsPerWord = 64;

    /// <summary>Checks every figure.</summary>
    /// <exception cref="SpecException">A figure is missing or absurd; it is named with what was expected.</exception>
    public Board Checked()
    {
        if (string.IsNullOrWhiteSpace(Name)) throw new SpecException("a board has no name: give it one");
        if (!Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) throw new SpecException($"board '{Name}': name must be small letters, digits and '-'; correct its record");
        Given("caps", Caps);
        Given("ports", Ports);
        Given("memory", Ddr);
        Given("host times", Host);
        if (string.IsNullOrWhiteSpace(Sources)) throw new SpecException($"board '{Name}': sources must say where its figures come from, got nothing; complete its record");
        Within("dsp", Dsp, 1, 100_000);
        Within("lut", Lut, 1, 20_000_000);
        Within("flip-flops", FlipFlops, 1, 40_000_000);
        Within("bram18", Bram18, 1, 100_000);
        Within("dsp cap (%)", Caps.Dsp, 1, 100);
        Within("lut cap (%)", Caps.Lut, 1, 100);
        Within("flip-flop cap (%)", Caps.FlipFlops, 1, 100);
        Within("bram18 cap (%)", Caps.Bram18, 1, 100);
        Within("base lut", BaseLut, 0, Share(Lut, Caps.Lut));
        Within("clock (MHz)", ClockMHz, 1, 2_000);
        Within("input ports", Ports.Input, 1, 64);
        Within("weight ports", Ports.Weights, 1, 64);
        Within("output ports", Ports.Output, 1, 64);
        Within("memory (bytes/s)", Ddr.BytesPerSecond, 1e6, 1e13);
        double words = Ddr.BytesPerSecond / (ClockMHz * 1e6) / 16;
        Within($"port words per cycle (against {words:0.##} of the memory's peak)", Ports.Input + Ports.Weights + Ports.Output, 3, Math.Max(3, MostPortsPerWord * words));
        Within("memory efficiency", Ddr.Efficiency, 0.01, 1);
        Within("t_net (ms)", Host.NetworkMs, 0, 10_000);
        Within("t_blk (ms)", Host.BlockMs, 0, 10_000);
        Within("e_host (ns)", Host.ElementNs, 0, 10_000);
        int engines = 0;
        foreach (EngineGrid grid in Engines)
        {
            Given("engine grid", grid);
            Given("engine kind", grid.Kind);
            Within("tile sizes of a grid", grid.Th.Count * grid.Tm.Count * grid.Tk.Count, 1, 4096);
            engines += grid.Th.Count * grid.Tm.Count * grid.Tk.Count;
            if (grid.Kind.Pack is not (1 or 2 or 4)) throw Bad("products per slice", grid.Kind.Pack, "1, 2 or 4");
            Within("weight bits", grid.Kind.WeightBits, 4, 16);
            Within("activation bits", grid.Kind.ActivationBits, 1, 16);
            Within("output bits", grid.Kind.OutputBits, 1, 32);
            foreach (int th in grid.Th) Within("Th", th, 1, 64);
            foreach (int tm in grid.Tm) Within("Tm", tm, 1, 4096);
            foreach (int tk in grid.Tk) Within("Tk", tk, 1, 4096);
            Within("products of the largest engine of a grid", (double)grid.Th.Span.ToArray().Max() * grid.Tm.Span.ToArray().Max() * grid.Tk.Span.ToArray().Max(), 1, MostProducts);
        }
        Within("engines to choose from", engines, 1, 4096);
        return this;

        void Within(string what, double value, double low, double high)
        {
            if (!(value >= low && value <= high)) throw Bad(what, value, $"{low} to {high}");
        }

        void Given(string what, object? part)
        {
            if (part is null) throw new SpecException($"board '{Name}': {what} must be given, got nothing; complete its record");
        }

        SpecException Bad(string what, double value, string expected) =>
            new($"board '{Name}': {what} must be {expected}, got {value}; correct its record");
    }

    private static int Share(int total, int percent) => (int)((long)total * percent / 100);
}
