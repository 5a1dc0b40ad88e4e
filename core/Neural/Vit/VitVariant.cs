using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Whose names a published checkpoint of the variant has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VitFamily>))]
public enum VitFamily { Deit, LvVit, Pit, Swin }

/// <summary>How the patches of one stage come to the smaller grid of the next; see <see cref="StageEntry"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageStep>))]
public enum StageStep { Pool, Merge }

/// <summary>A convolution with ReLU between image and patches.</summary>
/// <param name="Width">Output channels.</param>
public sealed record StemConv(int Width, int Kernel, int Stride, int Padding)
{
    /// <summary>Outputs along an axis of so many inputs.</summary>
    public int Out(int size) => ((size + (2 * Padding) - Kernel) / Stride) + 1;
}

/// <summary>A stage behind the first.</summary>
/// <param name="From">The first of its blocks, counted from 0 through the whole net.</param>
/// <param name="Width">C of it; where patches are pooled a multiple of the stage's before.</param>
/// <param name="Heads">h of it.</param>
public sealed record LaterStage(int From, int Width, int Heads);

/// <summary>
/// What a vision transformer has otherwise than DeiT; a plain record of facts, each of which may be combined with the others as far as <see cref="VitShape.Check()"/> allows. Batch norms of a published
/// stem are folded into its convolutions when it is loaded; here such convolutions are trained with a bias and no norm.
/// </summary>
public sealed record VitVariant
{
    public VitFamily Family { get; init; }

    /// <summary>Before patches are cut (LV-ViT).</summary>
    public ValueList<StemConv> Stem { get; init; }

    /// <summary>From one patch to the next, in pixels of what they are cut from; 0: a patch's side. Less: they overlap (PiT).</summary>
    public int Stride { get; init; }

    /// <summary>Whether patches have a layer norm once they are embedded (Swin).</summary>
    public bool PatchNorm { get; init; }

    /// <summary>Whether a class token is read; else the mean of the tokens (Swin).</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>Stages behind the first.</summary>
    public ValueList<LaterStage> Later { get; init; }

    /// <summary>How they begin.</summary>
    public StageStep Step { get; init; }

    /// <summary>Side of the windows that attention stays in, every second block's shifted by half of it; 0: none. A grid of no more than this is one window. Windows have a bias of relative places and no positions (Swin).</summary>
    public int Window { get; init; }

    /// <summary>What both branches of a block are divided by before they are added (LV-ViT's skip_lam).</summary>
    public double Skip { get; init; } = 1;

    /// <summary>Of every layer norm.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Whether token places are learned.</summary>
    internal bool Positions => Window == 0;

    /// <summary>The facts of DeiT (arXiv 2012.12877), timm's epsilon.</summary>
    public static VitVariant Deit { get; } = new();

    /// <summary>
    /// LV-ViT (arXiv 2104.10858, its code's PatchEmbed4_2): three convolutions in front of patches of half the side, branches halved; torch's own epsilon.
    /// </summary>
    /// <param name="width">Of the convolutions.</param>
    public static VitVariant LvVit(int width = 64) => new()
    {
        Family = VitFamily.LvVit, Stem = [new StemConv(width, 7, 2, 3), new StemConv(width, 3, 1, 1), new StemConv(width, 3, 1, 1)], Skip = 2, Epsilon = 1e-5,
    };

    /// <summary>PiT (arXiv 2103.16302, its code): patches that overlap by half, pooled between stages.</summary>
    public static VitVariant Pit(int stride, params ReadOnlySpan<LaterStage> later) => new() { Family = VitFamily.Pit, Stride = stride, Later = ValueList.Create(later), Step = StageStep.Pool };

    /// <summary>Swin (arXiv 2103.14030, its code): windows, merging, no class token; torch's own epsilon.</summary>
    public static VitVariant Swin(int window, params ReadOnlySpan<LaterStage> later) => new()
    {
        Family = VitFamily.Swin, PatchNorm = true, ClassToken = false, Later = ValueList.Create(later), Step = StageStep.Merge, Window = window, Epsilon = 1e-5,
    };
}
