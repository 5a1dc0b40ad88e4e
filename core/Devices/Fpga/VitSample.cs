using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>One transformer block with row-wise mixed precision; ratios of 8-bit rows per product.</summary>
internal sealed record VitBlock(int Tokens, int Heads, int HeadWidth, int MlpRatio, double Qkv, double Projection, double Fc1, double Fc2);

/// <summary>A plain vision transformer: patch embedding, blocks, head.</summary>
internal sealed record VitSample(int Width, int Patches, int PatchLength, int Classes, int RowGroup, VitBlock[] Blocks)
{
    private static readonly NumberFormat Int4 = NumberFormat.Int(4, true, Granularity.Row), Int8 = NumberFormat.Int(8, true, Granularity.Row);
    private static readonly NumberFormat Act6 = NumberFormat.Int(6), Act8 = NumberFormat.Int(8), Probability = NumberFormat.Int(6, signed: false);

    /// <summary>DeiT at 224 x 224 pixels; one ratio everywhere.</summary>
    public static VitSample Deit(int width, int heads, double ratio, int rowGroup, params int[] tokens) =>
        new(width, 196, 768, 1000, rowGroup, [.. tokens.Select(n => new VitBlock(n, heads, 64, 4, ratio, ratio, ratio, ratio))]);

    /// <summary>M8 = g * floor(r M / g + 0.5), at most M.</summary>
    public static int EightBitRows(int rows, double ratio, int group) => Math.Min(rows, group * (int)Math.Floor(ratio * rows / group + 0.5));

    /// <summary>The operations in order: embedding, per block norm, qkv, attention, projection, norm, fc1, fc2, then the head; a last norm before the head is left out, as it costs the engine nothing.</summary>
    public Workload ToWorkload(string key)
    {
        var ops = new List<Op> { Gemm("embed", "embedding", Weights.Uniform("embed", Width, PatchLength, Act8), Patches, Act8) };
        for (int i = 0; i < Blocks.Length; i++)
        {
            VitBlock b = Blocks[i];
            string name = $"block {i + 1}", id = $"b{i + 1}";
            int inner = b.Heads * b.HeadWidth, hidden = b.MlpRatio * Width;
            Extent tokens = Extent.Fixed("tokens", b.Tokens);
            ops.Add(Norm($"{id}.ln1", name, tokens));
            ops.Add(Gemm($"{id}.qkv", name, Mixed($"{id}.qkv", 3 * inner, Width, b.Qkv), b.Tokens, Act6));
            ops.Add(new Op.Attention($"{id}.attention", name, 1, Place.Any, b.Heads, b.Heads, b.HeadWidth, tokens, tokens,
                Act6, Act8, Act8, Probability, Act6, Sparsity.Dense, Approximation.Exact, false));
            ops.Add(Gemm($"{id}.proj", name, Mixed($"{id}.proj", Width, inner, b.Projection), b.Tokens, Act6));
            ops.Add(Norm($"{id}.ln2", name, tokens));
            ops.Add(Gemm($"{id}.fc1", name, Mixed($"{id}.fc1", hidden, Width, b.Fc1), b.Tokens, Act6, Function.Gelu));
            ops.Add(Gemm($"{id}.fc2", name, Mixed($"{id}.fc2", Width, hidden, b.Fc2), b.Tokens, Act6));
        }
        ops.Add(Gemm("head", "head", Weights.Uniform("head", Classes, Width, Act8), 1, Act8));
        return new Workload(key, Mode.Infer, 1, ops.ToValueList());
    }

    private Op.Elementwise Norm(string id, string block, Extent tokens) =>
        new(id, block, 1, Place.Host, Function.LayerNorm, tokens, Width, NumberFormat.F32, Act6, Approximation.Exact);

    private Weights Mixed(string id, int m, int k, double ratio)
    {
        int eight = EightBitRows(m, ratio, RowGroup);
        return new Weights(id, m, k, [new RowPart(Int4, m - eight), new RowPart(Int8, eight)], Sparsity.Dense);
    }

    private static Op.Gemm Gemm(string id, string block, Weights weights, int columns, NumberFormat input, params ReadOnlySpan<Function> fused) =>
        new(id, block, 1, Place.Any, weights, Extent.Fixed("tokens", columns), input, NumberFormat.F32, ValueList.Create(fused));
}
