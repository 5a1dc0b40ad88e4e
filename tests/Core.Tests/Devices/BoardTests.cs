using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class BoardTests
{
    [Theory]
    [InlineData("zcu-102", "zcu102")]
    [InlineData("zcu102-eight", "zcu102-eighth")]
    [InlineData("ZCU102-eighth-dd", "zcu102-eighth-ddr")]
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
            _ => b with { Engines = [new EngineGrid(EngineKind.Atoms, [1, 1], [8], [4])] },
        };
        Assert.Contains(message, Assert.Throws<SpecException>(() => new FpgaDevice(broken)).Message);
    }

    [Fact]
    public void BoardsWithTheSameFiguresAreEqual()
        => Assert.Equal(BoardCatalog.Zcu102Eighth, BoardCatalog.Zcu102Eighth with { Engines = [new EngineGrid(EngineKind.Atoms, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16])] });
}
