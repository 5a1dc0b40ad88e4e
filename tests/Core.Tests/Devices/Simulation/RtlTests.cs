using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Simulation;

/// <summary>The tile engine in SystemVerilog against plain products, the simulator and the formula.</summary>
public class RtlTests
{
    private const int Columns = 66;
    private static readonly Ports Narrow = new(2, 1, 2);

    [Theory]
    [InlineData(1, 8, 4)]
    [InlineData(2, 16, 8)]
    public void TheEngineInSystemVerilogMultipliesExactlyAndTakesTheEagerSimulatorsCycles(int th, int tm, int tk)
    {
        var engine = new Engine(th, tm, tk, EngineKind.Atoms, Narrow);
        using var verilated = new VerilatedEngine(engine, Columns);
        var chance = new Chance(9, Streams.Sampling);
        var formula = new List<double>();
        for (int i = 0; i < 100; i++)
        {
            int rows = 1 + chance.Next(4 * tm), narrow = chance.Next(3) switch { 0 => 0, 1 => rows, _ => chance.Next(rows + 1) };
            int columns = chance.Next(4) switch { 0 => 1 + chance.Next(3), 1 => 50, 2 => 65, _ => 1 + chance.Next(Columns) };
            var shape = new GemmShape(narrow, rows - narrow, 0, 1 + chance.Next(6 * th * tk), columns, 0, 6);
            Operands operands = RandomOperands.Of(shape, engine.Kind, signed: chance.Next(2) == 0, extreme: i % 4 == 0, chance);
            var (cycles, depth, sums) = verilated.Multiply(shape, operands);
            Assert.Equal(operands.Plain(shape), sums);
            var fabric = new Fabric(ColumnPairs: true, depth, BurstLatency: 0, MemoryBytes: double.PositiveInfinity);
            Assert.True(GemmSimulator.Run(engine, shape, Control.Eager, null, fabric).Cycles == cycles, $"{shape}: {cycles} cycles in SystemVerilog, {GemmSimulator.Run(engine, shape, Control.Eager, null, fabric).Cycles} simulated");
            if (columns >= 50) formula.Add(100 * (cycles / (double)GemmLatency.Cycles(engine, shape) - 1));
        }
        formula.Sort();
        Assert.InRange(formula[formula.Count / 2], -30, 10);   // as core/Devices/README.md says of the eager machine
    }
}
