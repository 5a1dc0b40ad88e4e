using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// The shape of a plain vision transformer (DeiT, arXiv 2012.12877). Letters: N patches, n = N + 1 tokens with the class token first, C width, h heads of width d = C / h, L blocks,
/// H = R C hidden, K0 numbers of a patch.
/// </summary>
public sealed record VitShape
{
    /// <summary>Side of the square input in pixels.</summary>
    public int Side { get; init; } = 28;

    /// <summary>Of the images.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Side of a patch in pixels; divides <see cref="Side"/>.</summary>
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

    /// <summary>L.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>R, the MLP's hidden width over C.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>N.</summary>
    public int Patches => Side / Patch * (Side / Patch);

    /// <summary>n.</summary>
    public int Tokens => Patches + 1;

    /// <summary>K0, ordered (channel, y, x).</summary>
    public int PatchSize => Patch * Patch * Channels;

    /// <summary>d.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>28 x 28 x 1, patch 4, N = 49; moments of the Fashion-MNIST training images.</summary>
    public static VitShape FashionMnist { get; } = new();

    /// <summary>42 x 42 x 1, patch 6, N = 49; moments of the fashion-clutter training images.</summary>
    public static VitShape FashionClutter { get; } = new() { Side = 42, Patch = 6, Mean = 0.168, Deviation = 0.307 };

    /// <summary>32 x 32 x 3, patch 4, N = 64; moments of the CIFAR-10 training images over all channels.</summary>
    public static VitShape Cifar10 { get; } = new() { Side = 32, Channels = 3, Mean = 0.4734, Deviation = 0.2516, Width = 96, Heads = 3 };

    /// <summary>DeiT-T: 224 x 224 x 3, patch 16, N = 196.</summary>
    public static VitShape DeitTiny { get; } = new() { Side = 224, Channels = 3, Patch = 16, Classes = 1000, Mean = 0.449, Deviation = 0.226, Width = 192, Heads = 3, Depth = 12 };

    /// <summary>DeiT-S.</summary>
    public static VitShape DeitSmall { get; } = DeitTiny with { Width = 384, Heads = 6 };

    /// <summary>The shape that a data set is met with where a study says nothing.</summary>
    public static VitShape Of(string data) => data switch { "fashion-mnist" => FashionMnist, "fashion-clutter" => FashionClutter, _ => Cifar10 };

    /// <exception cref="SpecException">A shape that no network has.</exception>
    public void Check()
    {
        Expect(Side > 0 && Patch > 0 && Side % Patch == 0, $"side must be a multiple of patch, got {Side} and {Patch}");
        Expect(Channels > 0 && Classes > 1, $"expected at least 1 channel and 2 classes, got {Channels} and {Classes}");
        Expect(Width > 0 && Heads > 0 && Width % Heads == 0, $"width must be a multiple of heads, got {Width} and {Heads}");
        Expect(Depth > 0 && Expansion > 0, $"depth and expansion must be positive, got {Depth} and {Expansion}");
        Expect(Deviation > 0, $"deviation must be positive, got {Deviation}");
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
