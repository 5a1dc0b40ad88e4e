using Hone.Model;

namespace Hone.Devices.Fpga.Simulation;

/// <summary>Compares the simulator with <see cref="GemmLatency"/> on random products.</summary>
public static class SimulatorBench
{
    /// <summary>Columns below which a product counts as small.</summary>
    public const int Large = 64;

    /// <summary>Random nets of the CIFAR-10 space (65 tokens) on the eighth board, each on its fastest engine, product after product.</summary>
    public const int Nets = 20;

    private const int Draws = 256;
    private const long MostMacsPerProduct = 100_000;   // of a product per engine product: bounds the cycles of a simulation

    /// <summary>The first is the formula's own; each of the others differs from the one before by one liberty or one burden more.</summary>
    public static IReadOnlyList<SimulatedMachine> Machines { get; } =
    [
        new("lockstep, the formula's own", Control.Lockstep, Real: false, Bound: false),
        new("without masked passes", Control.Unmasked, Real: false, Bound: false),
        new("eager", Control.Eager, Real: false, Bound: false),
        new("eager with depth and memory", Control.Eager, Real: true, Bound: false),
        new("the same, memory bound on", Control.Eager, Real: true, Bound: true),
    ];

    private static readonly (Board Board, Engine[] Engines)[] Sources =
    [
        (BoardCatalog.Zcu102Eighth, [.. Of(BoardCatalog.Zcu102Eighth)]),
        (BoardCatalog.Zcu102, [.. Of(BoardCatalog.Zcu102)]),
    ];

    /// <summary>Products of vision transformers from 16 to 768 wide on engines of both ZCU102 boards that fit; the same seed draws the same ones.</summary>
    public static SimulatorAgreement Run(ulong seed = 1, int products = 1_000)
    {
        var chance = new Chance(seed, Streams.Sampling);
        var points = new List<(SimulatorPoint Point, string Name)>();
        var nets = new List<(SimulatorPoint Point, string Name)>();
        long cycles = 0;
        for (int i = 0; i < products; i++)
        {
            var (board, engine, shape) = Draw(chance);
            points.Add((Simulate(board, engine, [shape], ref cycles), $"{shape} on {board.Name} {engine.Name}"));
        }
        FpgaDevice device = new(BoardCatalog.Zcu102Eighth);
        for (int i = 0; i < Nets; i++)
        {
            Workload net = FpgaBench.Subnet(chance, $"net {i}");
            Engine engine = device.Best(net)!.Value.Engine;
            nets.Add((Simulate(device.Board, engine, Products.Of(net), ref cycles), $"{net.Key} on {device.Name} {engine.Name}"));
        }
        return new SimulatorAgreement([.. Machines.SelectMany((_, m) => new[]
        {
            Line(m, $"F < {Large}", [.. points.Where(p => p.Point.Columns < Large)]), Line(m, $"F >= {Large}", [.. points.Where(p => p.Point.Columns >= Large)]), Line(m, "whole nets", nets),
        })], [.. points.Select(p => p.Point)], cycles);
    }

    /// <summary>Cycles of the products one after another, over the formula's, on each machine.</summary>
    private static SimulatorPoint Simulate(Board board, Engine engine, List<GemmShape> shapes, ref long cycles)
    {
        Board bound = board with { Ddr = board.Ddr with { Binds = true } };
        double formula = shapes.Sum(s => (double)GemmLatency.Cycles(engine, s)), bounded = shapes.Sum(s => GemmMemo.Cost(engine, bound, s).Cycles);
        double[] ratios = new double[Machines.Count];   // (machines)
        var seen = new Dictionary<(Control, bool), long>();
        for (int m = 0; m < ratios.Length; m++)
        {
            SimulatedMachine machine = Machines[m];
            if (!seen.TryGetValue((machine.Control, machine.Real), out long simulated))
            {
                Fabric fabric = machine.Real ? Fabric.Real(engine, board) : Fabric.Formula;
                seen[(machine.Control, machine.Real)] = simulated = shapes.Sum(s => GemmSimulator.Run(engine, s, machine.Control, null, fabric).Cycles);
                cycles += simulated;
            }
            ratios[m] = simulated / (machine.Bound ? bounded : formula);
        }
        return new SimulatorPoint(shapes[0].Columns, ratios);
    }

    private static SimulatorLine Line(int machine, string columns, List<(SimulatorPoint Point, string Name)> those)
    {
        double[] signed = [.. those.Select(p => Percent(p.Point)).Order()], sizes = [.. signed.Select(Math.Abs).Order()];
        var worst = those.MaxBy(p => Math.Abs(Percent(p.Point)));
        return new SimulatorLine(Machines[machine], columns, those.Count, signed[signed.Length / 2], sizes[(int)Math.Ceiling(0.95 * sizes.Length) - 1], Percent(worst.Point), worst.Name);

        double Percent(SimulatorPoint p) => 100 * (p.Ratios[machine] - 1);
    }

    /// <summary>
    /// An engine and a product that it finishes in bounded time: a fully connected layer with mixed rows of any number, its K up to 4 x 768 (fc2), a head of one
    /// column, or attention's products; 16-bit rows and activations on the 16-bit engines.
    /// </summary>
    internal static (Board Board, Engine Engine, GemmShape Shape) Draw(Chance chance)
    {
        for (int attempt = 0; attempt < Draws; attempt++)
        {
            var (board, engines) = Sources[chance.Next(2)];
            Engine engine = engines[chance.Next(engines.Length)];
            GemmShape shape = Shape(chance, engine);
            if (shape.Macs / engine.Products <= MostMacsPerProduct) return (board, engine, shape);
        }
        throw new InvalidOperationException($"{Draws} products in a row were too large to simulate");
    }

    private static GemmShape Shape(Chance chance, Engine engine)
    {
        int[] tokens = [1, 17, 50, 65, 127, 197];
        int columns = chance.Next(2) == 0 ? tokens[chance.Next(tokens.Length)] : 1 + chance.Next(256);
        int inputBits = engine.Kind.ActivationBits == 6 && chance.Next(4) == 0 ? 8 : engine.Kind.ActivationBits;
        int width = 16 * (1 + chance.Next(chance.Next(2) == 0 ? 6 : 48)), ratio = 1 + chance.Next(4);
        switch (chance.Next(4))
        {
            case 0:
                int head = chance.Next(2) == 0 ? 16 : 64, heads = 1 + chance.Next(12);
                bool scores = chance.Next(2) == 0;   // Q K^T, else P V
                return new GemmShape(0, scores ? columns : head, 0, scores ? head : columns, columns, heads, inputBits);
            case 1:
                return Layer(width, ratio * width, columns);   // fc2
            case 2:
                return Layer(10 + chance.Next(991), width, 1);   // a head of 10 to 1,000 classes
            default:
                return Layer(ratio * width + chance.Next(16), width, columns);
        }

        GemmShape Layer(int rows, int k, int f)
        {
            int wide = chance.Next(3) switch { 0 => 0, 1 => rows, _ => chance.Next(rows + 1) };
            return engine.Kind == EngineKind.Words ? new GemmShape(0, rows - wide, wide, k, f, 0, 16) : new GemmShape(rows - wide, wide, 0, k, f, 0, inputBits);
        }
    }

    /// <summary>Collects the products of a workload.</summary>
    private readonly struct Products(List<GemmShape> shapes) : IDemand
    {
        public static List<GemmShape> Of(Workload workload)
        {
            var sink = new Products([]);
            foreach (Op op in workload.Ops) Lowering.Visit(op, null, ref sink);
            return sink.Shapes;
        }

        private List<GemmShape> Shapes => shapes;

        public void Gemm(in GemmShape shape, double weight) => shapes.Add(shape);   // every repeat of these nets is 1

        public void Host(double elements, double weight)
        {
        }
    }

    private static IEnumerable<Engine> Of(Board board) => new FpgaDevice(board).Fitting(256);
}
