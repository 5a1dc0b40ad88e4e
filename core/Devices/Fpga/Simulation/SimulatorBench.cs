using Hone.Model;

namespace Hone.Devices.Fpga.Simulation;

/// <summary>How far the simulator and the formula are apart.</summary>
/// <param name="WorstPercent">Largest |simulated / formula - 1| in %.</param>
/// <param name="MeanPercent">Mean of it.</param>
/// <param name="UnmaskedPercent">Mean cycles that the controller without masked passes saves, in % of the formula's.</param>
/// <param name="EagerPercent">Mean cycles that the eager controller saves, in % of the formula's.</param>
/// <param name="StartUpPercent">Mean cycles that the same machine takes longer when each transfer waits <see cref="SimulatorBench.StartUp"/> cycles for its first word, in %.</param>
/// <param name="Worst">The product that is farthest off.</param>
/// <param name="Cycles">Simulated in all.</param>
public sealed record SimulatorAgreement(int Products, double WorstPercent, double MeanPercent, double UnmaskedPercent, double EagerPercent, double StartUpPercent, string Worst, long Cycles);

/// <summary>Compares the simulator with <see cref="GemmLatency"/> on random products.</summary>
public static class SimulatorBench
{
    /// <summary>Cycles; what is behind the ports is unknown, so this is an example. [proposal]</summary>
    public const int StartUp = 8;

    private static readonly Engine[] Engines =
    [
        .. new EngineGrid[] { new(EngineKind.Atoms, [1, 2, 3, 4], [8, 16, 32], [4, 8, 16]) }.SelectMany(g => Of(g, new Ports(2, 1, 2))),
        .. new EngineGrid[] { new(EngineKind.Atoms, [1, 3, 6], [32, 96, 128], [8, 32]), new(EngineKind.Bytes, [3], [64], [16]), new(EngineKind.Words, [3], [32, 64], [8]) }
            .SelectMany(g => Of(g, new Ports(4, 2, 4))),
    ];

    /// <summary>Products of vision transformers from 16 to 768 wide on engines of both ZCU102 boards; the same seed draws the same ones.</summary>
    public static SimulatorAgreement Run(ulong seed = 1, int products = 1_000)
    {
        var chance = new Chance(seed, Streams.Sampling);
        double worst = 0, sum = 0, unmasked = 0, saved = 0, late = 0;
        string farthest = "";
        long cycles = 0;
        for (int i = 0; i < products; i++)
        {
            var (engine, shape) = Draw(chance);
            long formula = GemmLatency.Cycles(engine, shape), simulated = GemmSimulator.Run(engine, shape).Cycles;
            double error = 100 * Math.Abs((double)simulated / formula - 1);
            if (error > worst) (worst, farthest) = (error, $"{shape} on {engine.Name}: formula {formula}, simulated {simulated}");
            sum += error;
            long eager = GemmSimulator.Run(engine, shape, Control.Eager).Cycles, delayed = GemmSimulator.Run(engine, shape, startUp: StartUp).Cycles;
            unmasked += 100 * (1 - (double)GemmSimulator.Run(engine, shape, Control.Unmasked).Cycles / formula);
            saved += 100 * (1 - (double)eager / formula);
            late += 100 * ((double)delayed / formula - 1);
            cycles += simulated + eager + delayed;
        }
        return new SimulatorAgreement(products, worst, sum / products, unmasked / products, saved / products, late / products, farthest, cycles);
    }

    /// <summary>An engine and a product: a fully connected layer with mixed rows, or attention's products.</summary>
    internal static (Engine Engine, GemmShape Shape) Draw(Chance chance)
    {
        Engine engine = Engines[chance.Next(Engines.Length)];
        int[] tokens = [1, 17, 50, 65, 127, 197];
        int columns = tokens[chance.Next(tokens.Length)], inputBits = engine.Kind.ActivationBits == 6 && chance.Next(4) == 0 ? 8 : engine.Kind.ActivationBits;
        if (chance.Next(3) == 0)
        {
            int head = chance.Next(2) == 0 ? 16 : 64, heads = 1 + chance.Next(12);
            bool scores = chance.Next(2) == 0;   // Q K^T, else P V
            return (engine, new GemmShape(0, scores ? columns : head, 0, scores ? head : columns, columns, heads, inputBits));
        }
        int width = 16 * (1 + chance.Next(chance.Next(2) == 0 ? 6 : 48)), rows = width * (1 + chance.Next(4)), eight = 16 * chance.Next(rows / 16 + 1);
        return (engine, new GemmShape(rows - eight, eight, 0, width, columns, 0, inputBits));
    }

    private static IEnumerable<Engine> Of(EngineGrid grid, Ports ports) =>
        from th in grid.Th from tm in grid.Tm from tk in grid.Tk select new Engine(th, tm, tk, grid.Kind, ports);
}
