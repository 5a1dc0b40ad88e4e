using System.Text.RegularExpressions;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class BoardTests
{
    [Theory]
    [InlineData("zcu-102", "zcu102")]
    [InlineData("zcu102-eight", "zcu102-eighth")]
    [InlineData("ZCU102-eigth", "zcu102-eighth")]
    [InlineData("zcu14", "zcu104")]
    [InlineData("kv-260", "kv260")]
    [InlineData("vck19", "vck190")]
    public void AnUnknownBoardIsAnsweredWithTheNearestName(string asked, string nearest)
        => Assert.Contains($"did you mean '{nearest}'", Assert.Throws<SpecException>(() => BoardCatalog.Find(asked)).Message);

    [Fact]
    public void EveryBoardIsFoundByItsNameAndHoldsSomeEngineThatFits()
    {
        foreach (Board board in BoardCatalog.All)
        {
            Assert.Same(board, BoardCatalog.Find(board.Name));
            Assert.Contains(true, new FpgaDevice(board).Fits(197));
        }
    }

    [Fact]
    public void TheEighthIsAnEighthOfTheWhole()
    {
        Board z = BoardCatalog.Zcu102, e = BoardCatalog.Zcu102Eighth;
        Assert.Equal((z.Dsp, z.Lut, z.FlipFlops, z.Bram18, z.BaseLut), (8 * e.Dsp, 8 * e.Lut, 8 * e.FlipFlops, 8 * e.Bram18, 8 * e.BaseLut));
        Assert.Equal((z.Ddr.BytesPerSecond, z.Caps, z.ClockMHz), (8 * e.Ddr.BytesPerSecond, e.Caps, e.ClockMHz));
    }

    public static TheoryData<string, string> Absurd => new()
    {
        { "name", "no name" }, { "dsp", "dsp must be 1 to 100000, got 0" }, { "clock", "clock (MHz) must be" }, { "nan", "clock (MHz) must be" }, { "cap", "lut cap (%) must be 1 to 100, got 140" },
        { "ports", "weight ports must be" }, { "memory", "memory (bytes/s) must be" }, { "host", "e_host (ns) must be" }, { "engines", "engines to choose from must be" },
        { "pack", "products per slice must be 1, 2 or 4, got 3" }, { "tile", "Tk must be 1 to 4096, got 0" }, { "twice", "twice" },
        { "characters", "name must be" }, { "lut", "lut must be 1 to 20000000, got 0" }, { "ff", "flip-flops must be" }, { "bram", "bram18 must be" }, { "no caps", "caps must be given" },
        { "no ports", "ports must be given" }, { "no memory", "memory must be given" }, { "no host", "host times must be given" }, { "no kind", "engine kind must be given" },
        { "no tiles", "tile sizes of a grid must be" }, { "base", "base lut must be 0 to 23982, got 24000" }, { "efficiency", "memory efficiency must be" }, { "sources", "sources must say" },
        { "huge", "products of the largest engine of a grid must be 1 to 1048576, got 1073741824" }, { "wide", "port words per cycle (against 1 of the memory's peak) must be 3 to 64, got 128" },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void AMissingOrAbsurdFigureIsNamed(string figure, string message)
    {
        Board b = BoardCatalog.Zcu102Eighth;
        Board broken = figure switch
        {
            "name" => b with { Name = " " },
            "dsp" => b with { Dsp = 0 },
            "clock" => b with { ClockMHz = 150e6 },
            "nan" => b with { ClockMHz = double.NaN },
            "cap" => b with { Caps = b.Caps with { Lut = 140 } },
            "ports" => b with { Ports = new Ports(2, 0, 2) },
            "memory" => b with { Ddr = b.Ddr with { BytesPerSecond = 0 } },
            "host" => b with { Host = new HostTimes(0, 0, -1) },
            "engines" => b with { Engines = [] },
            "pack" => b with { Engines = [new EngineGrid(EngineKind.Atoms with { Pack = 3 }, [1], [8], [4])] },
            "tile" => b with { Engines = [new EngineGrid(EngineKind.Atoms, [1], [8], [0])] },
            "characters" => b with { Name = "my board?" },
            "lut" => b with { Lut = 0 },
            "ff" => b with { FlipFlops = -1 },
            "bram" => b with { Bram18 = 0 },
            "no caps" => b with { Caps = null! },
            "no ports" => b with { Ports = null! },
            "no memory" => b with { Ddr = null! },
            "no host" => b with { Host = null! },
            "no kind" => b with { Engines = [new EngineGrid(null!, [1], [8], [4])] },
            "no tiles" => b with { Engines = [.. b.Engines, new EngineGrid(EngineKind.Atoms, [1], [], [4])] },
            "base" => b with { BaseLut = 24_000 },
            "efficiency" => b with { Ddr = b.Ddr with { Efficiency = 80 } },
            "huge" => b with { Engines = [new EngineGrid(EngineKind.Atoms, [1, 64], [8, 4096], [4096])] },   // 2 x 2^30 x 8 flip-flops would wrap round to 0
            "wide" => b with { Ports = new Ports(64, 32, 32) },
            "sources" => b with { Sources = "" },
            _ => b with { Engines = [new EngineGrid(EngineKind.Atoms, [1, 1], [8], [4])] },
        };
        Assert.Contains(message, Assert.Throws<SpecException>(() => new FpgaDevice(broken)).Message);
    }

    [Fact]
    public void BoardsWithTheSameFiguresAreEqual()
        => Assert.Equal(BoardCatalog.Zcu102Eighth, BoardCatalog.Zcu102Eighth with { Engines = [new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16])] });

    [Fact]
    public void EveryBoardSaysWhereItsFiguresComeFromAndHidesNoRecalledOne()
    {
        string[] figures = ["DSP", "LUT", "FF", "BRAM", "clock", "memory"];
        Assert.All(BoardCatalog.All, b => Assert.All(figures, figure => Assert.Contains(b.Sources.Split(';'),
            part => Regex.IsMatch(part, $@"\b({figure}|every figure)\b.*\[(vendor|proposal|recalled|third party)[^\]]*\]"))));
    }

    [Fact]
    public void TheReadmesTableOfBoardsCountsTheEnginesThatFit()
    {
        string[] lines = File.ReadAllLines(Path.Combine(ArchitectureTests.Root, "core", "Devices", "README.md"));
        foreach (Board board in BoardCatalog.All)
        {
            string[] cells = lines.Single(l => l.StartsWith($"| `{board.Name}` | {board.Part.Replace("an eighth of an XCZU9EG", "an eighth of it")} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
            var device = new FpgaDevice(board);
            Assert.Equal((board.Candidates().Count.ToString(), $"{device.Fitting(50).Count} / {device.Fitting(197).Count}"), (cells[8], cells[9]));
        }
    }

    [Fact]
    public void ALargerBoardIsNeverSlowerOnTheLargestNet()
    {
        Workload deit = VitSample.Deit(384, 6, 0.5, 128, [.. Enumerable.Repeat(197, 12)]).ToWorkload("deit");
        double[] ms = [.. ((Board[])[BoardCatalog.Vck190, BoardCatalog.Zcu102, BoardCatalog.Zcu104, BoardCatalog.Kv260]).Select(b => new FpgaDevice(b).Best(deit)!.Value.LatencyMs)];
        Assert.Equal(ms.Order(), ms);
        Assert.True(ms[0] < ms[3]);
    }
}
