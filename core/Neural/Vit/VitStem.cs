using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>From images to patches, in float32. Letters as in <see cref="VitShape"/>, B images.</summary>
internal static class VitStem
{
    /// <summary>Of the convolutions before the patches' own, as in LV-ViT's code.</summary>
    public static string Name(int conv) => $"patch_embed.conv{conv + 1}";

    /// <summary>Embedded patches (B, p, C).</summary>
    /// <param name="tiles">(B, p, K0): patches; or (B, 1, channels side side): whole images, of a stem that convolves.</param>
    public static Tensor Apply(ParameterArena arena, VitShape shape, Tensor tiles)
    {
        Tensor w = arena["patch_embed.proj.weight"], bias = arena["patch_embed.proj.bias"]; // (C, K0), (C)
        Tensor x = shape.Convolves ? Convolve(arena, shape, tiles, w, bias) : F.linear(tiles, w, bias);
        return shape.Form.PatchNorm ? F.layer_norm(x, [shape.Width], arena["patch_embed.norm.weight"], arena["patch_embed.norm.bias"], shape.Form.Epsilon) : x;
    }

    private static Tensor Convolve(ParameterArena arena, VitShape shape, Tensor images, Tensor w, Tensor bias)
    {
        Tensor x = images.view(-1, shape.Channels, shape.Side, shape.Side);
        for (int i = 0; i < shape.Form.Stem.Count; i++)
        {
            StemConv conv = shape.Form.Stem[i];
            x = F.relu(F.conv2d(x, arena[$"{Name(i)}.weight"], arena[$"{Name(i)}.bias"], [conv.Stride, conv.Stride], [conv.Padding, conv.Padding]));
        }
        Tensor y = F.conv2d(x, w.view(shape.Width, x.shape[1], shape.Patch, shape.Patch), bias, [shape.Stride, shape.Stride]); // (B, C, g, g)
        return y.flatten(2).transpose(1, 2);                                   // (B, N, C)
    }
}
