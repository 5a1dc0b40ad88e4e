using TorchSharp;
using static TorchSharp.torch;

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

    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static AttentionShape Of(Tensor q, Tensor kv, int heads, double scale, int levels)
    {
        int inner = (int)q.shape[2];
        if (inner % heads != 0 || kv.shape[2] != 2 * inner || kv.shape[0] != q.shape[0])
            throw new ArgumentException($"expected q (B, m, A) and kv (B, n, 2 A) with A a multiple of {heads} heads, got ({string.Join(", ", q.shape)}) and ({string.Join(", ", kv.shape)})");
        return new AttentionShape((int)q.shape[0], heads, inner / heads, (int)q.shape[1], (int)kv.shape[1], (float)scale, levels);
    }

    /// <summary>Whether a kernel takes it: on the processor, heads of whole vectors.</summary>
    public bool Fuses(Tensor q) => q.device_type == DeviceType.CPU && Width % SmallProduct.ColumnTile == 0;

    private static int Whole(int count, int tile) => (count + tile - 1) / tile * tile;
}
