using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Model;

namespace Hone.Node.Machine;

/// <summary>
/// A small network of every kind of operation, run for a moment before anything is measured: code that runs for the first time is not the code that runs later, where the runtime compiles in tiers.
/// </summary>
internal static class Rehearsal
{
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(150), Between = TimeSpan.FromMilliseconds(150);   // the runtime compiles anew what ran often when nothing new has run for a tenth of a second

    public static void Run(Workers workers)
    {
        var network = new CpuNetwork(Workload, workers, seed: 1);
        for (int round = 0; round < Rounds; round++)
        {
            for (long began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Round;) network.Run();
            Thread.Sleep(Between);
        }
    }

    internal static Workload Workload
    {
        get
        {
            Extent tokens = Extent.Fixed("tokens", 7);
            NumberFormat f32 = NumberFormat.F32, i8 = NumberFormat.Int(8), row = NumberFormat.Int(8, grain: Granularity.Row);
            return new Workload("rehearsal", Mode.Infer, 1,
            [
                new Op.Gemm("float", "", 1, Place.Any, Weights.Uniform("w", 24, 24, f32), tokens, f32, f32, [Function.Gelu]),
                new Op.Gemm("integer", "", 1, Place.Any, Weights.Uniform("w", 24, 24, row), tokens, i8, f32, [Function.Relu]),
                new Op.Attention("attention", "", 1, Place.Any, 2, 2, 4, tokens, tokens, f32, f32, f32, f32, f32, Sparsity.Dense, Approximation.Exact, Cache: false),
                .. Enum.GetValues<Function>().Select(f => new Op.Elementwise($"{f}", "", 1, Place.Any, f, tokens, 24, f32, f32, Approximation.Exact)),
                new Op.Conv("convolution", "", 1, Place.Any, Weights.Uniform("w", 8, 27, f32), 9, 9, 3, 3, 1, 1, 1, f32, f32, []),
                new Op.Conv("depthwise", "", 1, Place.Any, Weights.Uniform("w", 8, 9, f32), 9, 9, 3, 3, 1, 1, 8, f32, f32, []),
                new Op.Recurrent("gru", "", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 24, 8, f32), Weights.Uniform("h", 24, 8, f32), Extent.Fixed("steps", 3), f32, f32),
                new Op.Recurrent("lstm", "", 1, Place.Any, Cell.Lstm, Weights.Uniform("x", 32, 8, f32), Weights.Uniform("h", 32, 8, f32), Extent.Fixed("steps", 3), f32, f32),
            ]);
        }
    }
}
