using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Tables;

/// <summary>Operations, and a synthetic device that obeys a roofline's terms, for the tests of cost tables.</summary>
internal static class Samples
{
    public static readonly NumberFormat I4 = NumberFormat.Int(4, grain: Granularity.Row), I8 = NumberFormat.Int(8, grain: Granularity.Row), I6 = NumberFormat.Int(6);

    /// <summary>What a key, a measurement and a price are taken in where the workload does not matter.</summary>
    public static readonly Workload One = new("w", Mode.Infer, 1, []);

    public static Op.Gemm Gemm(int m, int k, int n, NumberFormat? format = null, string id = "g", int repeat = 1, params Function[] fused) =>
        new(id, "block 1", repeat, Place.Any, Weights.Uniform(id, m, k, format ?? I8), Extent.Fixed("tokens", n), I6, NumberFormat.F32, [.. fused]);

    public static Op.Gemm Mixed(int m, int low, int k, int n, string id = "g") => Gemm(m, k, n, id: id, fused: Function.Gelu) with
    {
        Weights = new Weights(id, m, k, [new RowPart(I4, low), new RowPart(I8, m - low)], Sparsity.Dense),
    };

    public static Op.Attention Attention(int heads, int width, int n, string id = "a") => new(
        id, "block 1", 1, Place.Any, heads, heads, width, Extent.Fixed("tokens", n), Extent.Fixed("tokens", n),
        I6, I8, I8, NumberFormat.Int(6, signed: false), I6, Sparsity.Dense, Approximation.Exact, Cache: false);

    public static Op.Elementwise Norm(int rows, int columns, string id = "n") =>
        new(id, "block 1", 1, Place.Host, Function.LayerNorm, Extent.Fixed("tokens", rows), columns, NumberFormat.F32, I6, Approximation.Exact);

    public static Op.Conv Conv(int outputs, int channels, int size, int groups = 1) => new("c", "", 1, Place.Any,
        Weights.Uniform("c", outputs, channels * 9, I8), size, size, 3, 3, 1, 1, groups, I6, I6, [Function.Relu]);

    public static Op.Recurrent Gru(int hidden, int inputs, int steps) => new("r", "", 1, Place.Any, Cell.Gru,
        Weights.Uniform("x", 3 * hidden, inputs, I8), Weights.Uniform("h", 3 * hidden, hidden, I8), Extent.Fixed("steps", steps), I6, NumberFormat.F32);

    public static Op.Select Select(int from, int to) => new(
        "s", "", 1, Place.Any, Extent.Fixed("tokens", from), Extent.Fixed("tokens", to), 1, [Gemm(16, 32, from), Gemm(2, 16, from, repeat: 2)]);

    /// <summary>One of every kind, none the same as another.</summary>
    public static Op[] Kinds() =>
    [
        Gemm(64, 32, 50), Gemm(64, 32, 50, I4), Gemm(64, 32, 50, NumberFormat.F32), Mixed(64, 48, 32, 50), Attention(4, 16, 50), Norm(50, 64),
        Conv(16, 3, 32), Conv(16, 1, 32, 16), Gru(32, 16, 20), Select(50, 25), new Op.Crossbar("x", "", 1, Place.Any, 64, 32, 10, 16, 32, 2.4, "mean"),
        new Op.Circuit("q", "", 1, Place.Any, 2, ["h q[0];", "cx q[0],q[1];"], 2, 1000),
    ];

    public static Reading Read(double ms, double spread = 0, int samples = 15, string calibration = "cal a") => new(ms, spread, samples, calibration);

    /// <summary>A random product of the sizes that small transformers have.</summary>
    public static Op.Gemm Random(Chance chance, NumberFormat? format = null) =>
        Gemm(16 * (1 + chance.Next(24)), 16 * (1 + chance.Next(24)), 1 + chance.Next(128), format, fused: chance.Happens(0.3) ? [Function.Gelu] : []);

    /// <summary>Milliseconds of a product: 3 us to start, 20 GMAC/s, weights at 8 GB/s, activations at 5 GB/s, 1 ns for a GELU.</summary>
    public static double Roofline(Op.Gemm g)
    {
        double m = g.Weights.M, k = g.Weights.K, n = g.Columns.Mean, bytes = m * k * g.Weights.Rows[0].Format.Bits / 8;
        return 3e-3 + m * k * n / 20e6 + bytes / 8e6 + k * n * 0.75 / 5e6 + m * n * 4 / 5e6 + m * n * 1e-6 * g.Fused.Count;
    }

    /// <summary>Distinct random products with the device's times, each off by a factor exp(noise N(0, 1)).</summary>
    public static CostEntry[] Measured(int count, double noise, uint ordinal, Func<Op.Gemm, double>? device = null, NumberFormat? format = null)
    {
        var chance = new Chance(7, Streams.Sampling, ordinal);
        var entries = new Dictionary<string, CostEntry>();
        while (entries.Count < count && chance.Position < 1_000_000)
        {
            Op.Gemm op = Random(chance, format);
            double ms = (device ?? Roofline)(op) * Math.Exp(noise * chance.NextGaussian());
            CostEntry entry = CostEntry.Of(op, One, Read(ms, ms * 0.01));
            entries[entry.Key] = entry;
        }
        return [.. entries.Values];
    }
}
