using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class GemmSimulatorTests
{
    private static readonly Engine Small = new(2, 16, 16, EngineKind.Atoms, new Ports(2, 1, 2));

    [Fact]
    public void FormulaAndSimulatorAgreeWithinTwoPercentOnAThousandProducts()
    {
        SimulatorAgreement found = SimulatorBench.Run();
        Assert.Equal(1_000, found.Products);
        Assert.True(found.WorstPercent <= 2, $"worst {found.WorstPercent:F2} %, mean {found.MeanPercent:F3} %, over {found.Cycles} cycles: {found.Worst}");
        Assert.InRange(found.UnmaskedPercent, 0.1, found.EagerPercent);
        Assert.InRange(found.EagerPercent, 1, 60);
        Assert.InRange(found.StartUpPercent, 0.1, 60);
    }

    [Theory]
    [InlineData(64, 0, 1_825)]   // golden values of the method sheet, S engine, 64 x 256 x 50
    [InlineData(0, 64, 3_625)]
    public void TheGoldenProductTakesTheGoldenCycles(int rows4, int rows8, long cycles) =>
        Assert.Equal(cycles, GemmSimulator.Run(Small, new GemmShape(rows4, rows8, 0, 256, 50, 0, 6)).Cycles);

    [Fact]
    public void ThePackedArithmeticIsBitExactOnRandomProductsOfEveryKind()
    {
        var chance = new Chance(3, Streams.Sampling);
        EngineKind[] kinds = [EngineKind.Atoms, EngineKind.Bytes, EngineKind.Words];
        for (int i = 0; i < 300; i++)
        {
            EngineKind kind = kinds[chance.Next(3)];
            var engine = new Engine(1 + chance.Next(4), 4 + 4 * chance.Next(4), 1 + chance.Next(9), kind, new Ports(2, 1, 2));
            bool perHead = chance.Next(2) == 0, signed = chance.Next(2) == 0;
            int bits = kind.ActivationBits == 6 ? 6 + chance.Next(2) * 2 : 8;
            var shape = new GemmShape(chance.Next(20), 1 + chance.Next(20), 0, 1 + chance.Next(40), 1 + chance.Next(12), perHead ? 1 + chance.Next(6) : 0, bits);
            Operands operands = Random(shape, kind, signed, extreme: i % 5 == 0, chance);
            foreach (Control control in Enum.GetValues<Control>())
            {
                Simulated with = GemmSimulator.Run(engine, shape, control, operands);
                Assert.Equal(operands.Plain(shape), with.Result!);
                Assert.Equal(GemmSimulator.Run(engine, shape, control) with { Result = with.Result }, with);   // the same states without values
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WideActivationsTakeTheirPiecesThroughEverySliceExactly(bool signed)
    {
        var chance = new Chance(5, Streams.Sampling);
        foreach (EngineKind kind in new[] { EngineKind.Atoms, EngineKind.Bytes, EngineKind.Words })
            for (int bits = kind.ActivationBits; bits <= (signed ? 16 : 15); bits++) // codes travel as signed shorts
            {
                var shape = new GemmShape(3, 5, 0, 9, 7, 0, bits);
                (int low, int high) = signed ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
                short[] weights = [.. Enumerable.Range(0, 8 * 9).Select(i => (short)(i / 9 < 3 ? chance.Next(16) - 8 : chance.Next(256) - 128))];
                short[] activations = [.. Enumerable.Range(0, 9 * 7).Select(i => (short)(i % 7 == 0 ? low : i % 7 == 1 ? high : low + chance.Next(high - low + 1)))];
                var operands = new Operands(weights, activations, signed);
                Assert.Equal(operands.Plain(shape), GemmSimulator.Run(new Engine(2, 4, 3, kind, new Ports(2, 1, 2)), shape, operands: operands).Result!);
            }
    }

    [Fact]
    public void EveryCycleIsAccountedForAndTheUsefulOnesAreThoseOfTheColumns()
    {
        var chance = new Chance(4, Streams.Sampling);
        for (int i = 0; i < 200; i++)
        {
            var (engine, shape) = SimulatorBench.Draw(chance);
            Simulated lockstep = GemmSimulator.Run(engine, shape), unmasked = GemmSimulator.Run(engine, shape, Control.Unmasked), eager = GemmSimulator.Run(engine, shape, Control.Eager);
            foreach (Simulated s in new[] { lockstep, unmasked, eager })
                Assert.Equal(s.Cycles, s.Computing + s.Masked + s.WaitingInput + s.WaitingWeights + s.WaitingOutput);
            Assert.Equal(lockstep.Computing, eager.Computing);
            Assert.Equal(0, eager.Masked + unmasked.Masked);
            Assert.True(eager.Cycles <= unmasked.Cycles && unmasked.Cycles <= lockstep.Cycles, $"{shape} on {engine.Name}: eager {eager.Cycles}, unmasked {unmasked.Cycles}, lockstep {lockstep.Cycles}");
        }
    }

    [Theory]
    [InlineData(1, 4, 4, "input")]
    [InlineData(8, 1, 8, "weights")]
    [InlineData(8, 8, 1, "output")]
    [InlineData(8, 8, 8, "compute")]
    public void ANarrowPortStallsTheArrayForItsOwnReason(int input, int weights, int output, string expected)
    {
        bool heads = expected == "output";
        var engine = new Engine(4, 32, 16, EngineKind.Atoms, new Ports(input, weights, output));
        Simulated s = GemmSimulator.Run(engine, new GemmShape(0, 64, 0, heads ? 16 : 512, expected == "weights" ? 8 : 64, heads ? 4 : 0, 6), Control.Eager);
        var shares = new Dictionary<string, long> { ["input"] = s.WaitingInput, ["weights"] = s.WaitingWeights, ["output"] = s.WaitingOutput, ["compute"] = s.Computing };
        Assert.Equal(expected, shares.MaxBy(p => p.Value).Key);
    }

    [Fact]
    public void TheSimulatorKnowsNothingOfTheFormula()
    {
        string folder = Path.Combine(ArchitectureTests.Root, "core", "Devices", "Fpga", "Simulation");
        foreach (string file in Directory.GetFiles(folder, "*.cs").Where(f => !f.EndsWith("SimulatorBench.cs", StringComparison.Ordinal)))
            Assert.DoesNotContain("GemmLatency.", File.ReadAllText(file));
    }

    private static Operands Random(GemmShape shape, EngineKind kind, bool signed, bool extreme, Chance chance)
    {
        int heads = Math.Max(shape.Heads, 1), bits = Math.Min(8, Math.Max(shape.InputBits, 6));
        if (kind.Pack == 2) signed = true;   // the slice takes two signed bytes
        (int low, int high) = signed ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
        short[] weights = new short[heads * shape.Rows * shape.K], activations = new short[heads * shape.K * shape.Columns];
        for (int w = 0; w < weights.Length; w++) weights[w] = (w / shape.K % shape.Rows) < shape.Rows4 ? Draw(-8, 7) : Draw(-128, 127);
        for (int a = 0; a < activations.Length; a++) activations[a] = Draw(low, high);
        return new Operands(weights, activations, signed);

        short Draw(int least, int most) => (short)(extreme ? chance.Next(2) == 0 ? least : most : least + chance.Next(most - least + 1));
    }
}
