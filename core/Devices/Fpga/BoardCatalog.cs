using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>The boards that ship with Hone. A new board is one more record.</summary>
public static class BoardCatalog
{
    // Caps, U0, ports, clock of boards other than the ZCU102, share of the memory's peak: [proposal], the same everywhere so that boards differ by what they have.
    private static readonly Caps ViTCaps = new(90, 70, 50, 80);
    private static readonly Ports Wide = new(4, 2, 4);

    private static readonly ValueList<EngineGrid> AllKinds =
    [
        new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16, 32]),
        new EngineGrid(EngineKind.Bytes, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16, 32]),
        new EngineGrid(EngineKind.Words, [1, 2, 3, 4, 6], [32, 64, 96, 128], [8, 16]),
    ];

    /// <summary>The board of the published designs; the golden values are its.</summary>
    public static readonly Board Zcu102 = new Board(
        "zcu102", Dsp: 2_520, Lut: 274_080, FlipFlops: 548_160, Bram18: 1_824, ViTCaps, BaseLut: 30_000,
        ClockMHz: 150, Wide, new Ddr(19.2e9, 0.8, Binds: false), HostTimes.EngineOnly, AllKinds, "XCZU9EG",
        "DSP, BRAM [vendor]; LUT, FF, clock [recalled]; memory DDR4-2400 x 64 bit [vendor]").Checked();

    /// <summary>An eighth of the ZCU102, for 32 x 32 pixel networks, so that its limits bind. [proposal]</summary>
    public static readonly Board Zcu102Eighth = new Board(
        "zcu102-eighth", Dsp: 315, Lut: 34_260, FlipFlops: 68_520, Bram18: 228, ViTCaps, BaseLut: 3_750,
        ClockMHz: 150, new Ports(2, 1, 2), new Ddr(2.4e9, 0.8, Binds: false), HostTimes.EngineOnly,
        [new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16])], "an eighth of an XCZU9EG", "every figure [proposal]").Checked();

    /// <summary>The same eighth with engines of 8 x 8 and 16 x 16 bits, as HeatViT and what it is held against need them. [proposal]</summary>
    public static readonly Board Zcu102EighthInt = (Zcu102Eighth with
    {
        Name = "zcu102-eighth-int",
        Engines = [new EngineGrid(EngineKind.Bytes, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16]), new EngineGrid(EngineKind.Words, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16])],
    }).Checked();

    /// <summary>96 UltraRAM blocks beside are not modelled.</summary>
    public static readonly Board Zcu104 = new Board(
        "zcu104", Dsp: 1_728, Lut: 230_400, FlipFlops: 460_800, Bram18: 624, ViTCaps, BaseLut: 30_000,
        ClockMHz: 150, Wide, new Ddr(19.2e9, 0.8, Binds: false), HostTimes.EngineOnly, AllKinds, "XCZU7EV",
        "DSP, BRAM, LUT, FF [recalled]; clock [proposal]; memory 64 bit DDR4 [vendor] at 2400 MT/s [recalled]").Checked();

    /// <summary>64 UltraRAM blocks beside are not modelled.</summary>
    public static readonly Board Kv260 = new Board(
        "kv260", Dsp: 1_248, Lut: 117_120, FlipFlops: 234_240, Bram18: 288, ViTCaps, BaseLut: 30_000,
        ClockMHz: 150, Wide, new Ddr(19.2e9, 0.8, Binds: false), HostTimes.EngineOnly, AllKinds, "XCK26",
        "DSP, BRAM [third party]; LUT, FF [recalled]; clock [proposal]; memory 64 bit x 2400 Mb/s [vendor, DS987]").Checked();

    /// <summary>Its slices multiply 27 x 24 bits, so that the packing of 27 x 18 fits [derived]; AI engines, UltraRAM and LPDDR4 are not modelled.</summary>
    public static readonly Board Vck190 = new Board(
        "vck190", Dsp: 1_968, Lut: 899_840, FlipFlops: 1_799_680, Bram18: 1_934, ViTCaps, BaseLut: 30_000,
        ClockMHz: 150, Wide, new Ddr(25.6e9, 0.8, Binds: false), HostTimes.EngineOnly, AllKinds, "XCVC1902",
        "DSP [vendor, UG1702]; BRAM, LUT, FF [recalled]; clock [proposal]; memory 64 bit DDR4-3200 [recalled]").Checked();

    /// <summary>All boards.</summary>
    public static ValueList<Board> All { get; } = [Zcu102, Zcu102Eighth, Zcu102EighthInt, Zcu104, Kv260, Vck190];

    /// <summary>The board of this name.</summary>
    /// <exception cref="SpecException">No such board; the nearest name is given.</exception>
    public static Board Find(string name)
    {
        foreach (Board board in All)
            if (board.Name == name) return board;
        IEnumerable<string> known = All.Select(b => b.Name);
        throw new SpecException($"unknown FPGA board '{name}'{(Nearest.Of(name, known) is { } near ? $": did you mean '{near}'?" : ";")} known: {string.Join(", ", known)}");
    }
}
