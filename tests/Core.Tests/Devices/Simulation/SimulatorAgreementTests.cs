using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Simulation;

/// <summary>The formula beside the simulated machines on 1,000 random products.</summary>
public class SimulatorAgreementTests
{
    private static readonly Lazy<SimulatorAgreement> Found = new(() => SimulatorBench.Run());

    [Fact]
    public void TheFormulasOwnMachineTakesTheFormulasCyclesOnEveryOneOfAThousandProducts()
    {
        Assert.Equal(1_000, Found.Value.Points.Count);
        foreach (SimulatorLine line in Lines(0)) Assert.True(line.Worst == 0, $"{line.Columns}: worst {line.Worst:F2} %: {line.Product}");
    }

    // Bounds around what the seeded products give: a change of the machines or of the formula has to show itself here.
    [Theory]
    [InlineData(1, 0, -1, 0, 15, 35)]
    [InlineData(1, 1, -7, -4, 30, 45)]
    [InlineData(2, 0, -3, 0, 35, 60)]
    [InlineData(2, 1, -14, -9, 45, 60)]
    [InlineData(3, 0, 40, 80, 450, 650)]
    [InlineData(3, 1, -8, -2, 60, 220)]
    [InlineData(4, 0, 30, 65, 350, 500)]
    [InlineData(4, 1, -8, -2, 45, 60)]
    [InlineData(1, 2, -8, -7, 12, 12)]
    [InlineData(2, 2, -17, -15, 25, 25)]
    [InlineData(3, 2, 50, 60, 75, 75)]
    [InlineData(4, 2, 13, 17, 20, 20)]
    public void AnotherMachineDiffersFromTheFormulaWithinItsStatedBounds(int machine, int size, double low, double high, double p95, double worst)
    {
        SimulatorLine line = Lines(machine)[size];
        Assert.InRange(line.Median, low, high);
        Assert.InRange(line.P95, p95 / 2, p95);
        Assert.InRange(Math.Abs(line.Worst), worst / 2, worst);
        Assert.True(line.Products > (size == 2 ? 19 : 300));
    }

    [Fact]
    public void TheDrawnProductsCoverWhatNetworksAskFor()
    {
        var chance = new Chance(1, Streams.Sampling);
        (Board Board, Engine Engine, GemmShape Shape)[] drawn = [.. Enumerable.Range(0, 1_000).Select(_ => SimulatorBench.Draw(chance))];
        Assert.All((EngineKind[])[EngineKind.Atoms, EngineKind.Bytes, EngineKind.Words], kind => Assert.True(drawn.Count(d => d.Engine.Kind == kind) > 50));
        Assert.True(drawn.Count(d => d.Shape.K > 768) > 20);
        Assert.True(drawn.Count(d => d.Shape.Rows % 16 != 0) > 300);
        Assert.True(drawn.Count(d => d.Shape.Rows16 > 0) > 20);
        Assert.True(drawn.Count(d => d.Shape.Heads > 0) > 100);
        Assert.Equal(2, drawn.Select(d => d.Board.Name).Distinct().Count());
    }

    [Fact]
    public void TheSmallerOfTheThousandProductsAreBitExactWithValues()
    {
        var chance = new Chance(1, Streams.Sampling);
        int run = 0;
        for (int i = 0; i < 1_000; i++)
        {
            var (board, engine, shape) = SimulatorBench.Draw(chance);
            if (shape.Rows16 > 0 || shape.Macs > 40_000) continue;
            Operands operands = RandomOperands.Of(shape, engine.Kind, signed: i % 2 == 0, extreme: i % 5 == 0, new Chance(9, Streams.Sampling, (uint)i));
            (Control control, Fabric fabric) = (i % 3) switch { 0 => (Control.Lockstep, Fabric.Formula), 1 => (Control.Unmasked, Fabric.Formula), _ => (Control.Eager, Fabric.Real(engine, board)) };
            Assert.Equal(operands.Plain(shape), GemmSimulator.Run(engine, shape, control, operands, fabric).Result!);
            run++;
        }
        Assert.InRange(run, 100, 1_000);
    }

    [Fact]
    public void TheFigureInTheRepositoryIsTheOneOfTheseProducts()
    {
        string path = Path.Combine(ArchitectureTests.Root, "core", "Devices", "fpga-simulator.svg"), svg = SimulatorFigure.Svg(Found.Value);
        if (Environment.GetEnvironmentVariable("HONE_WRITE_FIGURES") == "1") File.WriteAllText(path, svg);
        Assert.True(File.ReadAllText(path) == svg, "core/Devices/fpga-simulator.svg is not that of this code: expected the figure of SimulatorBench; write it anew with HONE_WRITE_FIGURES=1 and look at it");
    }

    private static SimulatorLine[] Lines(int machine) => [.. Found.Value.Lines.Where(l => l.Machine == SimulatorBench.Machines[machine])];
}
