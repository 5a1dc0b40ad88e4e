using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// The shape of a vision transformer: DeiT's (arXiv 2012.12877), or that of a variant. Letters: N patches, n tokens with the class token, where there is one, first, C width, h heads of width
/// d = C / h, L blocks, H = R C hidden, K0 numbers of a patch. Where there are several stages, N, C and h stand for the first; <see cref="Stages"/> has them all.
/// </summary>
public sealed record VitShape
{
    /// <summary>Side of the square input in pixels.</summary>
    public int Side { get; init; } = 28;

    /// <summary>Of the images.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Side of a patch, in pixels of the image or of the last convolution in front of it.</summary>
    public int Patch { get; init; } = 4;

    /// <summary>Rows of the head.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Input x = (p / 255 - Mean) / Deviation, p the pixel byte.</summary>
    public double Mean { get; init; } = 0.286;

    /// <summary>See <see cref="Mean"/>.</summary>
    public double Deviation { get; init; } = 0.353;

    /// <summary>C, a multiple of <see cref="Heads"/>.</summary>
    public int Width { get; init; } = 64;

    /// <summary>h.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>L, of all stages.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>R, the MLP's hidden width over C.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>What is otherwise than in DeiT; null: nothing.</summary>
    public VitVariant? Variant { get; init; }

    /// <summary>The variant's facts.</summary>
    internal VitVariant Form => Variant ?? VitVariant.Deit;

    /// <summary>Rows before the patches.</summary>
    internal int ClassTokens => Form.ClassToken ? 1 : 0;

    /// <summary>From one patch to the next.</summary>
    internal int Stride => Form.Stride == 0 ? Patch : Form.Stride;

    /// <summary>Whether patches come from the image by more than one product each: then images are read whole.</summary>
    internal bool Convolves => Form.Stem.Count > 0 || Stride != Patch;

    /// <summary>Whether all blocks stand on one grid and see all of it, so that patches may be taken out of it.</summary>
    internal bool OneStage => Form.Later.Count == 0 && Form.Window == 0;

    /// <summary>The squares that images are read in, and the numbers of one: patches, or the whole image. Ordered (channel, y, x).</summary>
    internal int Tile => Convolves ? Side : Patch;

    /// <inheritdoc cref="Tile"/>
    internal int Tiles => Side / Tile * (Side / Tile);

    /// <inheritdoc cref="Tile"/>
    internal int TileSize => Tile * Tile * Channels;

    /// <summary>Side of what patches are cut from, and its channels.</summary>
    internal (int Side, int Channels) Cut
    {
        get
        {
            var (side, channels) = (Side, Channels);
            foreach (StemConv conv in Form.Stem) (side, channels) = (conv.Out(side), conv.Width);
            return (side, channels);
        }
    }

    /// <summary>Side of the first stage's grid in tokens.</summary>
    [JsonIgnore]
    public int Grid => ((Cut.Side - Patch) / Stride) + 1;

    /// <summary>N.</summary>
    public int Patches => Grid * Grid;

    /// <summary>n.</summary>
    public int Tokens => Patches + ClassTokens;

    /// <summary>K0, ordered (channel, y, x).</summary>
    public int PatchSize => Patch * Patch * Cut.Channels;

    /// <summary>All stages, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<VitStage> Stages
    {
        get
        {
            List<VitStage> stages = [];
            for (int s = 0; s <= Form.Later.Count; s++)
            {
                var (first, width, heads) = s == 0 ? (0, Width, Heads) : (Form.Later[s - 1].From, Form.Later[s - 1].Width, Form.Later[s - 1].Heads);
                int end = s < Form.Later.Count ? Form.Later[s].From : Depth, grid = s == 0 ? Grid : stages[^1].Next(Form.Step);
                stages.Add(new VitStage(s, first, end - first, width, heads, grid, Math.Min(Form.Window, grid)));
            }
            return stages;
        }
    }

    /// <summary>The stage of a block.</summary>
    public VitStage StageOf(int block) => Stages.Last(s => s.First <= block);

    /// <summary>d.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>28 x 28 x 1, patch 4, N = 49; moments of the Fashion-MNIST training images.</summary>
    public static VitShape FashionMnist { get; } = new();

    /// <summary>42 x 42 x 1, patch 6, N = 49; moments of the fashion-clutter training images.</summary>
    public static VitShape FashionClutter { get; } = new() { Side = 42, Patch = 6, Mean = 0.168, Deviation = 0.307 };

    /// <summary>32 x 32 x 3, patch 4, N = 64; moments of the CIFAR-10 training images over all channels.</summary>
    public static VitShape Cifar10 { get; } = new() { Side = 32, Channels = 3, Mean = 0.4734, Deviation = 0.2516, Width = 96, Heads = 3 };

    // Published shapes for 224 x 224 x 3 images in 1,000 classes. Sizes are those of the papers and of the authors' code; no published weights were at hand to hold them against.
    /// <summary>DeiT-T (arXiv 2012.12877, table 1): patch 16, N = 196.</summary>
    public static VitShape DeitTiny { get; } = new() { Side = 224, Channels = 3, Patch = 16, Classes = 1000, Mean = 0.449, Deviation = 0.226, Width = 192, Heads = 3, Depth = 12 };

    /// <summary>DeiT-S (arXiv 2012.12877, table 1).</summary>
    public static VitShape DeitSmall { get; } = DeitTiny with { Width = 384, Heads = 6 };

    /// <summary>LV-ViT-S (arXiv 2104.10858 and its code's lvvit_s): the stem halves the image, patches of 8 behind it, N = 196, R = 3.</summary>
    public static VitShape LvVitSmall { get; } = DeitTiny with { Patch = 8, Width = 384, Heads = 6, Depth = 16, Expansion = 3, Variant = VitVariant.LvVit() };

    /// <summary>LV-ViT-M (its code's lvvit_m).</summary>
    public static VitShape LvVitMedium { get; } = LvVitSmall with { Width = 512, Heads = 8, Depth = 20 };

    /// <summary>PiT-Ti (arXiv 2103.16302, table 2, and its code's pit_ti): grids of 27, 14 and 7, heads of 32.</summary>
    public static VitShape PitTiny { get; } = DeitTiny with { Width = 64, Heads = 2, Variant = VitVariant.Pit(8, new LaterStage(2, 128, 4), new LaterStage(8, 256, 8)) };

    /// <summary>PiT-S (its code's pit_s): heads of 48.</summary>
    public static VitShape PitSmall { get; } = DeitTiny with { Width = 144, Heads = 3, Variant = VitVariant.Pit(8, new LaterStage(2, 288, 6), new LaterStage(8, 576, 12)) };

    /// <summary>Swin-T (arXiv 2103.14030, table 7, and its code's swin_tiny_patch4_window7_224): grids of 56, 28, 14 and 7.</summary>
    public static VitShape SwinTiny { get; } = DeitTiny with
    {
        Patch = 4, Width = 96, Heads = 3, Variant = VitVariant.Swin(7, new LaterStage(2, 192, 6), new LaterStage(4, 384, 12), new LaterStage(10, 768, 24)),
    };

    /// <summary>The shape that a data set is met with where a study says nothing.</summary>
    public static VitShape Of(string data) => data switch { "fashion-mnist" => FashionMnist, "fashion-clutter" => FashionClutter, _ => Cifar10 };

    /// <exception cref="SpecException">A shape that no network has.</exception>
    public void Check()
    {
        Expect(Side > 0 && Patch > 0 && (Convolves || Side % Patch == 0), $"side must be a multiple of patch, got {Side} and {Patch}");
        Expect(Channels > 0 && Classes > 1, $"expected at least 1 channel and 2 classes, got {Channels} and {Classes}");
        Expect(Width > 0 && Heads > 0 && Width % Heads == 0, $"width must be a multiple of heads, got {Width} and {Heads}");
        Expect(Depth > 0 && Expansion > 0, $"depth and expansion must be positive, got {Depth} and {Expansion}");
        Expect(Deviation > 0, $"deviation must be positive, got {Deviation}");
        if (Variant is not null) VitShapeCheck.Check(this, Expect);
    }

    /// <exception cref="HoneException">The images are of another shape.</exception>
    public void Check(ImageSet images)
    {
        if (images.Height != Side || images.Width != Side || images.Channels != Channels || images.Classes > Classes)
            throw new HoneException($"expected images of {Channels}x{Side}x{Side} in at most {Classes} classes, got {images.Channels}x{images.Height}x{images.Width} in {images.Classes}: "
                + "choose another data set or change the model's side, channels or classes");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException($"model: {message}");
    }
}
