namespace Hone.Neural.Fused;

/// <summary>What an attention is: B images, h heads of width d, m queries and n keys.</summary>
/// <param name="Width">d, a multiple of <see cref="SmallProduct.ColumnTile"/>.</param>
/// <param name="Scale">Factor of the scores.</param>
/// <param name="Levels">Probabilities become codes round(Levels p); 0: they stay as they are.</param>
internal readonly record struct AttentionShape(int Images, int Heads, int Width, int Queries, int Keys, float Scale, int Levels)
{
    /// <summary>A = h d.</summary>
    public int Inner => Heads * Width;

    /// <summary>Queries in whole tiles of rows.</summary>
    public int QueryRows => Whole(Queries, SmallProduct.RowTile);

    /// <summary>Keys in whole tiles of rows.</summary>
    public int KeyRows => Whole(Keys, SmallProduct.RowTile);

    /// <summary>Numbers from one row of probabilities to the next: keys in whole tiles of rows and in whole vectors.</summary>
    public int Row => Whole(KeyRows, SmallProduct.ColumnTile);

    private static int Whole(int count, int tile) => (count + tile - 1) / tile * tile;
}
