using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>
/// Sizes of an attention, and where its operands lie in X. As many queries as keys: [batch][tokens][q of all heads | k of all key heads | v of all key heads], what one product gives. With a
/// cache: the same for the queries, whose keys and values are the cache's last. Else: q [batch][queries][heads], then [batch][keys][k | v].
/// </summary>
/// <param name="Keys">Keys that a query may see; with a cache, its length.</param>
/// <param name="Causal">The last query sees the last key, the one before it one less, and so on.</param>
/// <param name="Window">Keys that a causal query sees at most; 0: all before it.</param>
internal readonly record struct AttentionShape(int Batch, int Heads, int KvHeads, int Width, int Queries, int Keys, bool Causal = false, int Window = 0, bool Cache = false)
{
    /// <summary>What multiplies.</summary>
    public static readonly TileKernel Tile = TileKernel.Float[^1];

    private bool Joined => Cache || Queries == Keys;

    /// <summary>New keys and values, which X holds.</summary>
    public int New => Cache ? Queries : Keys;

    public int Inputs => checked(Joined ? Batch * Queries * QueryStride : Batch * (Queries * QueryStride + Keys * KeyStride));

    public int Outputs => checked(Batch * Queries * Heads * Width);

    /// <summary>Floats from one query to the next.</summary>
    public int QueryStride => (Heads + (Joined ? 2 * KvHeads : 0)) * Width;

    /// <summary>Floats from one new key to the next, and from one new value to the next.</summary>
    public int KeyStride => Joined ? QueryStride : 2 * KvHeads * Width;

    /// <summary>Keys, in whole panels.</summary>
    public int KeysPadded => Padded(Keys);

    public int WidthPadded => Padded(Width);

    public int Query(int batch, int head, int query) => (batch * Queries + query) * QueryStride + head * Width;

    /// <summary>The first new key of a key head; its value lies <see cref="ValueOffset"/> further.</summary>
    public int Key(int batch, int kvHead) => (Joined ? batch * Queries * QueryStride + Heads * Width : Batch * Queries * QueryStride + batch * Keys * KeyStride) + kvHead * Width;

    public int ValueOffset => KvHeads * Width;

    /// <summary>The keys that a query sees, the last excluded.</summary>
    public (int From, int To) Seen(int query)
    {
        if (!Causal) return (0, Keys);
        int to = Keys - Queries + query + 1;
        return (Window > 0 ? Math.Max(0, to - Window) : 0, to);
    }

    private static int Padded(int count) => Tile.Padded(count);
}
