using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Export.Bench;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>A whole network, run as a device node runs it, beside the same network in floats in ONNX Runtime, in turns.</summary>
internal static class NetworkBench
{
    private const ulong Seed = 1;
    private const double Goal = 2.3;

    public static IEnumerable<BenchLine> Lines(int threads)
    {
        using var workers = new Workers(threads, Cores.Pin);
        using OnnxTransformer theirs = OnnxTransformer.Of(TransformerShape.DeitTiny, threads, Seed);
        foreach ((string name, NumberFormat format, double? goal) in new[] { ("int8", NumberFormat.Int(8), (double?)Goal), ("float", NumberFormat.F32, null) })
        {
            var ours = new CpuNetwork(Lower(TransformerShape.DeitTiny, format), workers, Seed);
            (double time, double other) = Turns.Medians(ours.Run, theirs.Run);
            yield return new BenchLine("kernels", $"DeiT-T-shaped {name} network, batch 1, end to end, {threads} thread{(threads > 1 ? "s" : "")}, {ours.Instructions}", 1e3 * time, "ms",
                "ONNX Runtime, the network in floats", other / time, goal is { } least ? $"ratio at least {least}" : null, goal is { } atLeast ? other / time >= atLeast : null);
        }
    }

    /// <summary>The operations in order, every block with weights of its own; rows, inputs and the operands of attention in one format.</summary>
    private static Workload Lower(TransformerShape shape, NumberFormat format)
    {
        Extent tokens = Extent.Fixed("tokens", shape.Tokens), one = Extent.Fixed("tokens", 1);
        List<Op> ops = [Gemm("embed", "embedding", shape.Width, shape.Inputs, tokens, Function.Add)];
        for (int i = 1; i <= shape.Blocks; i++)
        {
            string block = $"block {i}";
            ops.Add(Norm($"b{i}.ln1", block, tokens));
            ops.Add(Gemm($"b{i}.qkv", block, 3 * shape.Width, shape.Width, tokens));
            ops.Add(new Op.Attention($"b{i}.attention", block, 1, Place.Any, shape.Heads, shape.Heads, shape.Width / shape.Heads, tokens, tokens, format, format, format, format, NumberFormat.F32,
                Sparsity.Dense, Approximation.Exact, false));
            ops.Add(Gemm($"b{i}.proj", block, shape.Width, shape.Width, tokens, Function.Add));
            ops.Add(Norm($"b{i}.ln2", block, tokens));
            ops.Add(Gemm($"b{i}.fc1", block, shape.Hidden, shape.Width, tokens, Function.Gelu));
            ops.Add(Gemm($"b{i}.fc2", block, shape.Width, shape.Hidden, tokens, Function.Add));
        }
        ops.Add(Norm("norm", "head", one));
        ops.Add(Gemm("head", "head", shape.Classes, shape.Width, one));
        return new Workload("transformer", Mode.Infer, 1, ops.ToValueList());

        Op.Gemm Gemm(string id, string block, int outputs, int inputs, Extent rows, params ReadOnlySpan<Function> fused) =>
            new(id, block, 1, Place.Any, Weights.Uniform(id, outputs, inputs, format), rows, format, NumberFormat.F32, ValueList.Create(fused));

        Op.Elementwise Norm(string id, string block, Extent rows) => new(id, block, 1, Place.Any, Function.LayerNorm, rows, shape.Width, NumberFormat.F32, NumberFormat.F32, Approximation.Exact);
    }
}
