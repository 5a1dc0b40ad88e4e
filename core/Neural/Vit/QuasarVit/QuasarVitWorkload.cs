using Hone.Model;
using Hone.Neural.Quantize;

namespace Hone.Neural.Vit;

/// <summary>Lowers a subnet to the operations of one image. Letters: n tokens, E width, h heads, A = 16 h, R expansion.</summary>
public static class QuasarVitWorkload
{
    private static readonly NumberFormat Int4Row = NumberFormat.Int(4, grain: Granularity.Row), Int8Row = NumberFormat.Int(8, grain: Granularity.Row);
    private static readonly NumberFormat Int6 = NumberFormat.Int(6), Int8 = NumberFormat.Int(8), Probability = NumberFormat.Int(6, signed: false);
    private static readonly ValueList<Function> Gelu = [Function.Gelu];

    /// <summary>The names of a block's operations, made once per block number.</summary>
    private sealed record Names(string Block, string Norm1, string Qkv, string Attention, string Proj, string Norm2, string Fc1, string Fc2);

    private static readonly Names[] Named = Enumerable.Range(1, 64)
        .Select(i => new Names($"block {i}", $"b{i}.norm1", $"b{i}.qkv", $"b{i}.attention", $"b{i}.proj", $"b{i}.norm2", $"b{i}.fc1", $"b{i}.fc2"))
        .ToArray();

    /// <summary>
    /// Patch embedding and head in W8A8; four matrices per block in mixed rows with 6-bit inputs; layer norms in float on the host. Rows of a part
    /// count as they do in the network: 4-bit rows first, a part of no rows is left out.
    /// </summary>
    public static Workload Lower(QuasarVitGenome genome, QuasarVitConfig config, string key = "")
    {
        int e = genome.Width, group = config.RowGroup;
        Extent tokens = Extent.Fixed("tokens", config.Tokens), patches = Extent.Fixed("patches", config.Patches), one = Extent.Fixed("tokens", 1);
        var ops = new Op[3 + 7 * genome.Depth];
        int at = 0;
        ops[at++] = new Op.Gemm("embed", "embed", 1, Place.Any,
            Weights.Uniform("embed", e, config.PatchSize, Int8Row), patches, Int8, NumberFormat.F32, []);
        for (int b = 0; b < genome.Depth; b++)
        {
            QuasarVitBlockGenome block = genome.Blocks[b];
            Names name = Named[b];
            int a = config.HeadWidth * block.Heads, hidden = block.Expansion * e;
            ops[at++] = Norm(name.Norm1, name.Block, tokens, e, Int6);
            ops[at++] = Matrix(name.Qkv, name.Block, 3 * a, e, block.Qkv, group, tokens, Int8, []);
            ops[at++] = new Op.Attention(name.Attention, name.Block, 1, Place.Any, block.Heads, block.Heads, config.HeadWidth, tokens, tokens,
                Int6, Int8, Int8, Probability, Int6, Sparsity.Dense, Approximation.Exact, Cache: false);
            ops[at++] = Matrix(name.Proj, name.Block, e, a, block.Proj, group, tokens, NumberFormat.F32, []);
            ops[at++] = Norm(name.Norm2, name.Block, tokens, e, Int6);
            ops[at++] = Matrix(name.Fc1, name.Block, hidden, e, block.Fc1, group, tokens, Int6, Gelu);
            ops[at++] = Matrix(name.Fc2, name.Block, e, hidden, block.Fc2, group, tokens, NumberFormat.F32, []);
        }
        ops[at++] = Norm("norm", "head", one, e, Int8);
        ops[at] = new Op.Gemm("head", "head", 1, Place.Any,
            Weights.Uniform("head", config.Classes, e, Int8Row), one, Int8, NumberFormat.F32, []);
        return new Workload(key, Mode.Infer, 1, ValueList.Create<Op>(ops));
    }

    /// <summary>Multiply-accumulates of one image: 4-bit, 6-bit and 8-bit products count the same.</summary>
    public static long Macs(Workload workload)
    {
        long macs = 0;
        foreach (Op op in workload.Ops)
            macs += op switch
            {
                Op.Gemm gemm => (long)gemm.Weights.M * gemm.Weights.K * gemm.Columns.Max,
                Op.Attention attention => 2L * attention.Heads * attention.Width * attention.Queries.Max * attention.Keys.Max,
                _ => 0,
            };
        return macs;
    }

    private static Op.Gemm Matrix(
        string id, string block, int m, int k, double ratio, int group, Extent tokens, NumberFormat output, ValueList<Function> fused)
    {
        int eight = RowOrder.EightBitRows(ratio, m, group);
        ValueList<RowPart> parts = eight == 0 ? [new RowPart(Int4Row, m)] : eight == m ? [new RowPart(Int8Row, m)]
            : [new RowPart(Int4Row, m - eight), new RowPart(Int8Row, eight)];
        return new Op.Gemm(id, block, 1, Place.Any, new Weights(id, m, k, parts, Sparsity.Dense), tokens, Int6, output, fused);
    }

    private static Op.Elementwise Norm(string id, string block, Extent tokens, int width, NumberFormat output) =>
        new(id, block, 1, Place.Host, Function.LayerNorm, tokens, width, NumberFormat.F32, output, Approximation.Exact);
}
