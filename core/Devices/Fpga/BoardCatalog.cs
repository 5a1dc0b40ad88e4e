using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>The boards that ship with Hone. A new board is one more record.</summary>
public static class BoardCatalog
{
    // DSP and block RAM: vendor documents; LUT and flip-flops: [recalled]; caps, U0, ports, efficiency: [proposal]; see the README.
    public static readonly Board Zcu102 = new Board(
        "zcu102", Dsp: 2_520, Lut: 274_080, FlipFlops: 548_160, Bram18: 1_824, new Caps(90, 70, 50, 80), BaseLut: 30_000,
        ClockMHz: 150, new Ports(4, 2, 4), new Ddr(19.2e9, 0.8, Binds: false), HostTimes.EngineOnly,
        [
            new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16, 32]),
            new EngineGrid(EngineKind.Bytes, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16, 32]),
            new EngineGrid(EngineKind.Words, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16]),
        ]).Checked();

    /// <summary>An eighth of the ZCU102, for 32 x 32 pixel networks, so that its limits bind. [proposal]</summary>
    public static readonly Board Zcu102Eighth = new Board(
        "zcu102-eighth", Dsp: 315, Lut: 34_260, FlipFlops: 68_520, Bram18: 228, new Caps(90, 70, 50, 80), BaseLut: 3_750,
        ClockMHz: 150, new Ports(2, 1, 2), new Ddr(2.4e9, 0.8, Binds: false), HostTimes.EngineOnly,
        [new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16])]).Checked();

    /// <summary>All boards; those ending in "-ddr" are the same with the external memory's bandwidth as a bound.</summary>
    public static ValueList<Board> All { get; } = [Zcu102, Zcu102Eighth, WithMemoryBound(Zcu102), WithMemoryBound(Zcu102Eighth)];

    /// <summary>The board of this name.</summary>
    /// <exception cref="SpecException">No such board; the nearest name is given.</exception>
    public static Board Find(string name)
    {
        foreach (Board board in All)
            if (board.Name == name) return board;
        IEnumerable<string> known = All.Select(b => b.Name);
        throw new SpecException($"unknown FPGA board '{name}'{(Nearest.Of(name, known) is { } near ? $": did you mean '{near}'?" : ";")} known: {string.Join(", ", known)}");
    }

    private static Board WithMemoryBound(Board board) => board with { Name = board.Name + "-ddr", Ddr = board.Ddr with { Binds = true } };
}
