namespace Hone.Neural.Vit;

/// <summary>What a variant looks like for small images where a study says nothing [ours]: a small DeiT's patches, widths and depth carried over so that every variant has grids that fit.</summary>
public static class SmallVits
{
    private const int WideWindow = 7, NarrowWindow = 4;   // Swin's own, and for grids that it does not divide

    /// <summary>The variant's shape beside a DeiT's, without its <see cref="VitShape.Variant"/>.</summary>
    public static VitShape Begin(VitShape deit, VitFamily family) => family switch
    {
        VitFamily.LvVit => deit with { Patch = Math.Max(1, deit.Patch / 2), Expansion = 3 },     // behind a stem that halves the image
        VitFamily.Pit => deit with { Width = deit.Width / 2, Heads = Math.Max(2, deit.Heads / 2) },
        VitFamily.Swin => deit with { Patch = Math.Max(1, deit.Patch / 2), Width = deit.Width / 2, Heads = Math.Max(2, deit.Heads / 2) },
        _ => deit,
    };

    /// <summary>The facts of the variant for a shape of <see cref="Begin"/>, perhaps changed since; null: DeiT.</summary>
    /// <param name="window">Side of Swin's windows; 0: 7 where it divides the grid, else 4.</param>
    public static VitVariant? Variant(VitShape shape, VitFamily family, int window)
    {
        int l = shape.Depth, c = shape.Width, h = shape.Heads;
        return family switch
        {
            VitFamily.LvVit => VitVariant.LvVit(Math.Max(4, c / 4)),
            // PiT's shares: a sixth, a half and a third of the blocks.
            VitFamily.Pit => VitVariant.Pit(Math.Max(1, shape.Patch / 2), new LaterStage(Math.Max(1, (int)Math.Round(l / 6.0)), 2 * c, 2 * h), new LaterStage(Math.Max(2, (int)Math.Round(2 * l / 3.0)), 4 * c, 4 * h)),
            // Windows are shifted in every second block, so the first stage has an even number of them.
            VitFamily.Swin => VitVariant.Swin(window > 0 ? window : shape.Grid % WideWindow == 0 ? WideWindow : NarrowWindow, new LaterStage(Math.Max(2, l / 4 / 2 * 2), 2 * c, 2 * h)),
            _ => null,
        };
    }
}
