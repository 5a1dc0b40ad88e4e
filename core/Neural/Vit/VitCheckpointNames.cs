namespace Hone.Neural.Vit;

/// <summary>A tensor of a checkpoint.</summary>
/// <param name="Optional">Whether it may be left out, which is zeros.</param>
internal sealed record CheckpointPart(string Name, long[] Shape, bool Optional = false);

/// <summary>Where a parameter of a net comes from.</summary>
/// <param name="Make">Its numbers of the parts' numbers.</param>
internal sealed record CheckpointSource(string Parameter, CheckpointPart[] Parts, Func<float[][], float[]> Make);

/// <summary>
/// The names of published weights, from the authors' code and timm's as remembered; no file was at hand to hold them against. DeiT: timm's. LV-ViT: patch_embed.convN and bnN, whose norms are folded
/// into the convolutions; qkv without bias. PiT: transformers.S.blocks.B, pools.S (timm: transformers.S+1.pool), patch_embed.conv, pos_embed (1, C, g, g) without a row for the class token. Swin:
/// layers.S.blocks.B, layers.S.downsample (timm: layers.S+1.downsample), head (timm: head.fc).
/// </summary>
internal static class VitCheckpointNames
{
    private const double BatchNormEpsilon = 1e-5;   // torch's

    // Buffers that follow from the shape, and LV-ViT's second head, which only learns from dense labels here: its authors add half of its largest answers to the logits.
    private static readonly (VitFamily Family, string Begins, string Ends)[] s_dropped =
    [
        (VitFamily.LvVit, "aux_head.", ""), (VitFamily.LvVit, "patch_embed.", ".num_batches_tracked"),
        (VitFamily.Swin, "layers.", ".attn.relative_position_index"), (VitFamily.Swin, "layers.", ".attn_mask"),
    ];

    /// <summary>Whether a tensor is not needed and may be there.</summary>
    public static bool IsDropped(VitFamily family, string name) =>
        s_dropped.Any(d => d.Family == family && name.StartsWith(d.Begins, StringComparison.Ordinal) && name.EndsWith(d.Ends, StringComparison.Ordinal));

    /// <summary>Whether a tensor belongs to a distillation token (DeiT's and PiT's).</summary>
    public static bool IsDistilled(string name) => name == "dist_token" || name.StartsWith("head_dist.", StringComparison.Ordinal);

    /// <summary>All sources of a shape's parameters.</summary>
    /// <param name="has">Whether the checkpoint has a name: tells timm's names from the authors'.</param>
    public static IReadOnlyList<CheckpointSource> Of(VitShape shape, Func<string, bool> has)
    {
        IReadOnlyList<VitStage> stages = shape.Stages;
        bool timm = shape.Form.Family == VitFamily.Swin && (has("head.fc.weight") || has($"layers.{stages.Count - 1}.downsample.reduction.weight")) || shape.Form.Family == VitFamily.Pit && has("transformers.1.pool.fc.weight");
        return [.. VitParameters.Of(shape).Select(p => Source(shape, p, timm))];
    }

    private static CheckpointSource Source(VitShape shape, VitParameter p, bool timm)
    {
        VitFamily family = shape.Form.Family;
        if (family == VitFamily.LvVit && p.Name.StartsWith("patch_embed.conv", StringComparison.Ordinal)) return Folded(shape, p);
        string name = Name(shape, p.Name, timm);
        if (p.Name == "patch_embed.proj.weight") return Plain(p, new CheckpointPart(name, [p.Shape[0], shape.Cut.Channels, shape.Patch, shape.Patch]));
        if (p.Name == "pos_embed" && family == VitFamily.Pit) return new CheckpointSource(p.Name, [new CheckpointPart(name, [1, shape.Width, shape.Grid, shape.Grid])], parts => Rows(shape, parts[0]));
        bool optional = family == VitFamily.LvVit && name.EndsWith(".attn.qkv.bias", StringComparison.Ordinal) || family == VitFamily.Swin && name.EndsWith(".reduction.bias", StringComparison.Ordinal);
        return Plain(p, new CheckpointPart(name, p.Shape, optional));
    }

    private static CheckpointSource Plain(VitParameter p, CheckpointPart part) => new(p.Name, [part], parts => parts[0]);

    /// <summary>The published name of a parameter.</summary>
    private static string Name(VitShape shape, string name, bool timm)
    {
        string[] parts = name.Split('.');
        int later = timm ? 1 : 0;
        return (shape.Form.Family, parts[0]) switch
        {
            (VitFamily.Pit, "blocks") => $"transformers.{Place(int.Parse(parts[1]))}.{string.Join('.', parts[2..])}",
            (VitFamily.Pit, "pools") when timm => $"transformers.{int.Parse(parts[1]) + 1}.pool.{string.Join('.', parts[2..])}",
            (VitFamily.Pit, "patch_embed") => name.Replace("proj", "conv", StringComparison.Ordinal),
            (VitFamily.Swin, "blocks") => $"layers.{Place(int.Parse(parts[1]))}.{string.Join('.', parts[2..])}",
            (VitFamily.Swin, "layers") => $"layers.{int.Parse(parts[1]) + later}.{string.Join('.', parts[2..])}",
            (VitFamily.Swin, "head") when timm => $"head.fc.{parts[1]}",
            _ => name,
        };

        string Place(int block) => shape.StageOf(block) is var stage ? $"{stage.Index}.blocks.{block - stage.First}" : "";
    }

    /// <summary>A convolution and the batch norm behind it as one: w' = w g / sqrt(v + e), b' = b - m g / sqrt(v + e).</summary>
    private static CheckpointSource Folded(VitShape shape, VitParameter p)
    {
        string conv = p.Name[..p.Name.LastIndexOf('.')], norm = conv.Replace("conv", "bn", StringComparison.Ordinal);
        long[] each = [p.Shape[0]], kernels = VitParameters.Of(shape).First(q => q.Name == conv + ".weight").Shape;
        CheckpointPart[] parts =
        [
            new(conv + ".weight", kernels), new(norm + ".weight", each), new(norm + ".bias", each), new(norm + ".running_mean", each), new(norm + ".running_var", each),
        ];
        return new CheckpointSource(p.Name, parts, p.Name.EndsWith(".weight", StringComparison.Ordinal) ? Weight : Bias);

        static double Factor(float[][] of, int m) => of[1][m] / Math.Sqrt(of[4][m] + BatchNormEpsilon);

        static float[] Weight(float[][] of) => [.. of[0].Select((w, i) => (float)(w * Factor(of, i / (of[0].Length / of[1].Length))))];

        static float[] Bias(float[][] of) => [.. of[2].Select((b, m) => (float)(b - (of[3][m] * Factor(of, m))))];
    }

    /// <summary>(1, C, g, g) -> (1, 1 + N, C), nothing for the class token.</summary>
    private static float[] Rows(VitShape shape, float[] image)
    {
        int c = shape.Width, n = shape.Patches, first = shape.ClassTokens;
        float[] rows = new float[(first + n) * c];
        for (int i = 0; i < image.Length; i++) rows[((first + (i % n)) * c) + (i / n)] = image[i];
        return rows;
    }
}
