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
    public static readonly HostTimes EngineOnly = new(0, 0, 0);
}

/// <summary>External memory.</summary>
/// <param name="BytesPerSecond">Peak.</param>
/// <param name="Efficiency">Share of the peak that long bursts reach. [proposal]</param>
/// <param name="Binds">Whether an operation is never faster than its traffic; when false the traffic is only reported.</param>
public sealed record Ddr(double BytesPerSecond, double Efficiency, bool Binds);

/// <summary>An FPGA board as data: what it has, what an engine may take, and the engines to choose from.</summary>
/// <param name="BaseLut">U0: logic taken before the first product.</param>
/// <param name="Part">The device on the board.</param>
/// <param name="Sources">Where each figure comes from: [vendor], [recalled], [third party], [proposal].</param>
public sealed record Board(
    string Name, int Dsp, int Lut, int FlipFlops, int Bram18, Caps Caps, int BaseLut,
    double ClockMHz, Ports Ports, Ddr Ddr, HostTimes Host, ValueList<EngineGrid> Engines,
    string Part = "", string Sources = "")
{
    public int DspCap => Share(Dsp, Caps.Dsp);

    public int LutCap => Share(Lut, Caps.Lut);

    public int FlipFlopCap => Share(FlipFlops, Caps.FlipFlops);

    public int Bram18Cap => Share(Bram18, Caps.Bram18);

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
        Within("base lut", BaseLut, 0, LutCap);
        Within("clock (MHz)", ClockMHz, 1, 2_000);
        Within("input ports", Ports.Input, 1, 64);
        Within("weight ports", Ports.Weights, 1, 64);
        Within("output ports", Ports.Output, 1, 64);
        Within("memory (bytes/s)", Ddr.BytesPerSecond, 1e6, 1e13);
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
