namespace Hone.Devices.Fpga;

/// <summary>What a published point is used for.</summary>
public enum PointRole
{
    /// <summary>The design's one free choice, its engine, was made by this point: its error proves nothing.</summary>
    Fitted,

    /// <summary>Nothing was changed for it: its error counts.</summary>
    Predicted,

    /// <summary>Its layers or arithmetic are unknown or not modelled: only the peak of the engines can be held against it.</summary>
    PlausibilityOnly,
}

/// <summary>A figure of a publication about an accelerator on a board.</summary>
/// <param name="Board">The catalogued board it was measured on.</param>
/// <param name="Figure">As published, in <paramref name="Unit"/>.</param>
/// <param name="Unit">ms, FPS or GOPS (two operations to a multiplication with its addition).</param>
/// <param name="Source">The publication, or who says what it says.</param>
/// <param name="Provenance">paper, third party or recalled.</param>
/// <param name="ClockMHz">The design's clock; 150 MHz is [recalled] for the ViT designs of this board.</param>
/// <param name="Gmac">Multiplications per image, billions; null when unknown.</param>
/// <param name="Kind">The engines that compute with the operand bits that the design states; null when it states none or none that an engine has.</param>
/// <param name="Net">The network, where the model can price it.</param>
/// <param name="Note">What a reader must know.</param>
public sealed record PublishedPoint(
    string Board, string Design, string Point, PointRole Role, double Figure, string Unit, string Source, string Provenance,
    double ClockMHz = 150, double? Gmac = null, EngineKind? Kind = null, PublishedNet? Net = null, string Note = "")
{
    /// <summary>Whether it may be quoted as published; a recalled figure never is.</summary>
    public bool IsPublished => Provenance != "recalled";

    /// <summary>Milliseconds per image that the figure claims; null when it cannot be told.</summary>
    public double? Milliseconds => Unit switch { "ms" => Figure, "FPS" => 1e3 / Figure, "GOPS" => Gmac is { } gmac ? 2e3 * gmac / Figure : null, _ => null };

    /// <summary>So many milliseconds per image in the point's own unit; null when it cannot be told.</summary>
    internal double? InUnit(double milliseconds) => Unit switch { "ms" => milliseconds, "FPS" => 1e3 / milliseconds, "GOPS" => 2e3 * Gmac / milliseconds, _ => null };
}

/// <summary>DeiT at 224 x 224 pixels with the tokens of each block.</summary>
public sealed record PublishedNet(int Width, int Heads, Hone.Model.ValueList<int> Tokens);
