using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// From one stage to the next, in float32. A dropped patch counts as zeros; a new one is alive where one of its old ones is, so that the mask's gradient reaches the one who dropped the others.
/// Letters: B images, g and g' sides of the two grids, C and C' widths, p = g g.
/// </summary>
internal static class VitEntry
{
    /// <summary>Name of a stage's entry: PiT's pools and Swin's downsamplings are counted from the stage before.</summary>
    public static string Name(StageStep step, int stage) => step == StageStep.Pool ? $"pools.{stage - 1}" : $"layers.{stage - 1}.downsample";

    /// <exception cref="ArgumentException">Patches were gathered, so that their grid is gone.</exception>
    public static VitTokens Enter(ParameterArena arena, VitShape shape, VitTokens tokens, VitStage from, VitStage to)
    {
        if (tokens.Places is not null) throw new ArgumentException("a stage's entry needs its whole grid; expected patches dropped by a mask, got gathered ones");
        long images = tokens.X.shape[0];
        int first = tokens.ClassTokens, g = from.Grid, after = first + from.Patches;
        Tensor patches = tokens.X.narrow(1, first, from.Patches);              // (B, p, C)
        Tensor? alive = tokens.Mask?.narrow(1, first, from.Patches);           // (B, p)
        if (alive is not null) patches = patches * alive.unsqueeze(2);
        Tensor? seen = alive?.view(images, 1, g, g);
        string name = Name(shape.Form.Step, to.Index);
        if (shape.Form.Step == StageStep.Merge)
        {
            Tensor four = patches.reshape(images, g / 2, 2, g / 2, 2, from.Width).permute(0, 1, 3, 4, 2, 5).reshape(images, to.Patches, 4 * from.Width); // (B, p', 4 C): upper left, lower left, upper right, lower right
            Tensor normed = F.layer_norm(four, [4 * from.Width], arena[name + ".norm.weight"], arena[name + ".norm.bias"], shape.Form.Epsilon);
            return tokens with { X = Linear(normed, ".reduction"), Mask = seen is null ? null : F.max_pool2d(seen, [2, 2], [2, 2]).view(images, to.Patches), Links = null };
        }
        Tensor grid = patches.transpose(1, 2).reshape(images, from.Width, g, g); // (B, C, g, g)
        Tensor pooled = F.conv2d(grid, arena[name + ".conv.weight"], arena[name + ".conv.bias"], [VitStage.PoolStride, VitStage.PoolStride], [VitStage.PoolPadding, VitStage.PoolPadding], groups: from.Width)
            .flatten(2).transpose(1, 2);                                       // (B, p', C')
        Tensor x = Around(pooled, rows => Linear(rows, ".fc"), tokens.X);
        if (seen is null) return tokens with { X = x, Links = null };
        Tensor lives = F.max_pool2d(seen, [VitStage.PoolKernel, VitStage.PoolKernel], [VitStage.PoolStride, VitStage.PoolStride], [VitStage.PoolPadding, VitStage.PoolPadding]).view(images, to.Patches);
        return tokens with { X = x, Mask = Around(lives, rows => rows, tokens.Mask!), Links = null };

        Tensor Linear(Tensor rows, string part) => F.linear(rows, arena[$"{name}{part}.weight"], arena[$"{name}{part}.bias"]);

        // The new patches between the class token and the packages.
        Tensor Around(Tensor middle, Func<Tensor, Tensor> through, Tensor of)
        {
            List<Tensor> parts = [middle];
            if (first > 0) parts.Insert(0, through(of.narrow(1, 0, first)));
            if (tokens.Packages > 0) parts.Add(through(of.narrow(1, after, tokens.Packages)));
            return parts.Count == 1 ? middle : cat(parts, 1);
        }
    }
}
