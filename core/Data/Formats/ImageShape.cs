namespace Hone.Data;

/// <summary>The shape images are brought to.</summary>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Channels">1 grey, 3 RGB.</param>
public sealed record ImageShape(int Size, int Channels)
{
    /// <summary>What image folders are read as when nothing is said.</summary>
    public static ImageShape Default { get; } = new(32, 3);
}
