using System.Reflection;
using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Simulation;

public class GemmSimulatorTests
{
    private static readonly Engine Small = new(2, 16, 16, EngineKind.Atoms, new Ports(2, 1, 2));
    private static readonly Fabric Deep = new(ColumnPairs: true, Depth: 11, BurstLatency: 7, MemoryBytes: 24);

    [Theory]
    [InlineData(64, 0, 1_825)]   // golden values of the method sheet, S engine, 64 x 256 x 50
    [InlineData(0, 64, 3_625)]
    public void TheGoldenProductTakesTheGoldenCycles(int rows4, int rows8, long cycles) =>
        Assert.Equal(cycles, GemmSimulator.Run(Small, new GemmShape(rows4, rows8, 0, 256, 50, 0, 6)).Cycles);

    [Fact]
    public void ThePackedArithmeticIsBitExactOnRandomProductsOfEveryKindByEveryController()
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
            Operands operands = RandomOperands.Of(shape, kind, signed, extreme: i % 5 == 0, chance);
            int[] plain = operands.Plain(shape);
            foreach (Control control in Enum.GetValues<Control>())
                foreach (Fabric fabric in (Fabric[])[Fabric.Formula, Deep])
                {
                    Simulated with = GemmSimulator.Run(engine, shape, control, operands, fabric);
                    Assert.Equal(plain, with.Result!);
                    Assert.Equal(GemmSimulator.Run(engine, shape, control, null, fabric) with { Result = with.Result }, with);   // the same states without values
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

    [Theory]
    [InlineData(24, 0, true)]    // the activations take longest to load: both transfers have ended
    [InlineData(24, 1, true)]    // the last column arrives while the ones before it stream: in time
    [InlineData(24, 40, false)]  // columns stream that have not arrived: the bank still holds zeros, or the tile before
    [InlineData(4, 0, true)]     // the weights take longest
    [InlineData(4, 20, false)]
    public void AnArrayThatStartsBeforeItsWordsHaveArrivedComputesSomethingElse(int columns, int early, bool right)
    {
        var shape = new GemmShape(0, 16, 0, 64, columns, 0, 6);   // two stretches of K
        Operands operands = RandomOperands.Of(shape, EngineKind.Atoms, signed: true, extreme: false, new Chance(6, Streams.Sampling));
        var narrow = new Engine(2, 16, 16, EngineKind.Atoms, new Ports(1, 1, 2));
        int whole = ClocksOfALoad();
        var machine = new Machine(narrow, shape, operands, Fabric.Formula);
        SumBank sums = machine.Finished.Filling;
        foreach (Tile tile in machine.Tiles)
        {
            machine.Load(tile);
            for (int clock = 0; clock < whole - early; clock++) machine.Clock();
            TileBank bank = machine.Loaded.Filled();
            machine.Array.Start(tile, bank, sums);
            while (machine.Array.Busy || machine.Loading) machine.Clock();
            machine.Loaded.Release();
        }
        sums.Tile = machine.Tiles[^1];
        machine.Send(machine.Finished.Filled());
        while (machine.Drain.Busy) machine.Clock();
        Assert.Equal(right, operands.Plain(shape).AsSpan().SequenceEqual(machine.Result));

        int ClocksOfALoad()
        {
            var probe = new Machine(narrow, shape, null, Fabric.Formula);
            probe.Load(probe.Tiles[0]);
            while (probe.Loading) probe.Clock();
            return (int)probe.Cycles;
        }
    }

    [Fact]
    public void ResultsSentBeforeTheyLeftTheArrayAreAFault()
    {
        var machine = new Machine(Small, new GemmShape(16, 0, 0, 16, 2, 0, 6), null, Deep);
        machine.Load(machine.Tiles[0]);
        while (machine.Loading) machine.Clock();
        machine.Array.Start(machine.Tiles[0], machine.Loaded.Filled(), machine.Finished.Filling);
        while (machine.Array.Busy) machine.Clock();
        for (int clock = 0; clock < Deep.Depth; clock++, machine.Clock())
            Assert.Contains("before they had left", Assert.Throws<InvalidOperationException>(() => machine.Send(machine.Finished.Filling)).Message);
        machine.Send(machine.Finished.Filling);
    }

    [Fact]
    public void EveryCycleIsAccountedForAndTheComputingOnesFollowFromTheShape()
    {
        var chance = new Chance(4, Streams.Sampling);
        for (int i = 0; i < 200; i++)
        {
            var (board, engine, shape) = SimulatorBench.Draw(chance);
            Simulated lockstep = GemmSimulator.Run(engine, shape), unmasked = GemmSimulator.Run(engine, shape, Control.Unmasked), eager = GemmSimulator.Run(engine, shape, Control.Eager);
            Simulated real = GemmSimulator.Run(engine, shape, Control.Eager, null, Fabric.Real(engine, board));
            foreach (Simulated s in new[] { lockstep, unmasked, eager, real })
                Assert.Equal(s.Cycles, s.Computing + s.Masked + s.WaitingInput + s.WaitingWeights + s.WaitingOutput);
            long columns = Visits(engine, shape).Sum(v => (long)v.Tiles * v.Pieces) * shape.Columns;   // tiles x cycles per column x columns
            Assert.All(new[] { lockstep, unmasked, eager }, s => Assert.Equal(columns, s.Computing));
            Assert.Equal(engine.Kind.Pack == 1 ? columns : columns / shape.Columns * (shape.Columns + shape.Columns % 2), real.Computing);   // a lone last column costs a pair
            Assert.Equal(0, eager.Masked + unmasked.Masked + real.Masked);
            Assert.True(eager.Cycles <= unmasked.Cycles && unmasked.Cycles <= lockstep.Cycles && eager.Cycles <= real.Cycles,
                $"{shape} on {engine.Name}: eager {eager.Cycles}, unmasked {unmasked.Cycles}, lockstep {lockstep.Cycles}, with depth and memory {real.Cycles}");
        }
    }

    [Fact]
    public void NoClockIssuesMoreThanTheSlicesButForTheLoneColumnThatTheFormulaDoesNotCount()
    {
        var chance = new Chance(7, Streams.Sampling);
        for (int i = 0; i < 200; i++)
        {
            var (board, engine, shape) = SimulatorBench.Draw(chance);
            Resources resources = Resources.Of(engine, board, shape.Columns);
            int slices = resources.Dsp + (resources.LutProducts + engine.Kind.Pack - 1) / engine.Kind.Pack, together = engine.Kind.Pack == 1 ? 1 : 2;
            Simulated formula = GemmSimulator.Run(engine, shape), pairs = GemmSimulator.Run(engine, shape, Control.Eager, null, Fabric.Real(engine, board));
            // Two columns and two cycles per column, every slice busy in each of them; a lone column needs as many.
            long slots = (shape.Columns + together - 1) / together, needed = Visits(engine, shape).Sum(v => (long)v.Tiles * v.Pieces) * together * engine.Products / engine.Kind.Pack * slots;
            Assert.Equal((needed, needed), (formula.Multiplications, pairs.Multiplications));
            Assert.True(pairs.Multiplications <= pairs.Computing * slices && pairs.Overdrawn == 0);
            Assert.Equal(shape.Columns % together == 0 ? 0 : needed / slots / 2, formula.Overdrawn);
        }
    }

    [Fact]
    public void AClockThatIssuesMoreThanItsSlicesIsAFault()
    {
        var slices = new SliceArray(Small, new GemmShape(16, 0, 0, 16, 2, 0, 6), signedActivations: true);
        slices.Issue(128);   // 2 x 16 x 16 products, four to a slice
        Assert.Contains("129 multiplications on 128 slices", Assert.Throws<InvalidOperationException>(() => slices.Issue(129)).Message);
        Assert.Contains("take whole slices", Assert.Throws<ArgumentException>(() => GemmSimulator.Run(Small with { Th = 1, Tm = 3, Tk = 3 }, new GemmShape(16, 0, 0, 16, 2, 0, 6))).Message);
    }

    [Fact]
    public void TheBytesOfTheModelAreTheWordsThatCrossedTheMemory()
    {
        var chance = new Chance(8, Streams.Sampling);
        int resident = 0;
        for (int i = 0; i < 300; i++)
        {
            var (board, engine, shape) = SimulatorBench.Draw(chance);
            if (i % 10 == 0) shape = shape with { Columns = 500 + chance.Next(60), K = Math.Min(shape.K, 100) };   // around the depth of a bank
            Simulated any = GemmSimulator.Run(engine, shape, (Control)chance.Next(3), null, i % 2 == 0 ? Fabric.Formula : Fabric.Real(engine, board));
            Assert.Equal(GemmLatency.Bytes(engine, shape), 16.0 * any.Words);
            if (GemmLatency.Resident(engine, shape)) resident++;
        }
        Assert.InRange(resident, 30, 270);
    }

    [Fact]
    public void ASharedMemoryIsNeverFasterThanItsBandwidthAndAWideOneCostsNothing()
    {
        var chance = new Chance(9, Streams.Sampling);
        for (int i = 0; i < 100; i++)
        {
            var (_, engine, shape) = SimulatorBench.Draw(chance);
            foreach (double bytes in (double[])[5, 16, 40])
            {
                Simulated s = GemmSimulator.Run(engine, shape, Control.Eager, null, Fabric.Formula with { MemoryBytes = bytes });
                Assert.True(s.Cycles * bytes + 16 >= 16 * s.Words, $"{s.Words} words in {s.Cycles} cycles of {bytes} bytes");
            }
            int all = engine.Ports.Input + engine.Ports.Weights + engine.Ports.Output;
            Assert.Equal(GemmSimulator.Run(engine, shape), GemmSimulator.Run(engine, shape, fabric: Fabric.Formula with { MemoryBytes = 16 * all }));
        }
    }

    [Fact]
    public void DepthCostsItsCyclesOncePerRowTileInLockstepAndOnceInAllWhenNothingWaits()
    {
        var shape = new GemmShape(64, 0, 0, 256, 50, 0, 6);   // four row tiles
        Fabric deep = Fabric.Formula with { Depth = 10 };
        Assert.Equal(GemmSimulator.Run(Small, shape).Cycles + 4 * 10, GemmSimulator.Run(Small, shape, fabric: deep).Cycles);
        Assert.Equal(GemmSimulator.Run(Small, shape, Control.Eager).Cycles + 10, GemmSimulator.Run(Small, shape, Control.Eager, fabric: deep).Cycles);
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
    public void OperandsOfOtherShapesAndRowsOf16BitsAreRefused()
    {
        var shape = new GemmShape(2, 0, 0, 3, 4, 0, 6);
        string Refused(GemmShape s, int weights, int activations) =>
            Assert.Throws<ArgumentException>(() => GemmSimulator.Run(Small, s, operands: new Operands(new short[weights], new short[activations], true))).Message;
        Assert.Contains("expected weights 1 x 2 x 3 and activations 1 x 3 x 4; got lengths 7 and 12", Refused(shape, 7, 12));
        Assert.Contains("got lengths 6 and 11", Refused(shape, 6, 11));
        Assert.Contains("expected weights 2 x 2 x 3", Refused(shape with { Heads = 2 }, 6, 12));
        Assert.Contains("values of 16-bit rows are not simulated", Refused(shape with { Rows4 = 0, Rows16 = 2 }, 6, 12));
    }

    [Fact]
    public void NoInstructionOfTheSimulatorReachesTheFormula()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        Type[] formula = [typeof(GemmLatency), typeof(RowTile), typeof(GemmMemo)];
        var reached = new HashSet<string>();
        foreach (Type type in typeof(GemmSimulator).Assembly.GetTypes().Where(t => t.Namespace == typeof(GemmSimulator).Namespace))
            foreach (MethodBase method in type.GetMethods(all).Concat<MethodBase>(type.GetConstructors(all)))
            {
                byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
                for (int at = 0; at + 4 < il.Length; at++)   // call, callvirt, newobj with the token behind; a constant that looks like one is harmless
                    if (il[at] is 0x28 or 0x6F or 0x73 && Target(method.Module, BitConverter.ToInt32(il, at + 1)) is { } owner && formula.Contains(owner))
                        reached.Add((type.DeclaringType ?? type).Name);
            }
        Assert.Equal([nameof(SimulatorBench)], reached);   // which compares the two: the search does find calls

        static Type? Target(Module module, int token)
        {
            try
            {
                return (token >> 24) is 0x06 or 0x0A ? module.ResolveMethod(token)?.DeclaringType : null;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>Per weight width: tiles that the array visits, and the cycles that a column takes there.</summary>
    private static IEnumerable<(int Tiles, int Pieces)> Visits(Engine e, GemmShape s)
    {
        static int Up(int a, int b) => (int)Math.Ceiling((double)a / b);
        int groups = s.Heads == 0 ? 1 : Up(s.Heads, e.Th), stretches = Up(s.K, s.Heads == 0 ? e.Th * e.Tk : e.Tk), input = Up(Math.Max(s.InputBits, e.Kind.ActivationBits), e.Kind.ActivationBits);
        (int Bits, int Rows)[] rows = [(4, s.Rows4), (8, s.Rows8), (16, s.Rows16)];
        foreach (var width in rows.GroupBy(r => Math.Max(r.Bits, e.Kind.WeightBits)))
            yield return (groups * stretches * Up(width.Sum(r => r.Rows), e.Tm), Up(width.Key, e.Kind.WeightBits) * input);
    }
}
