using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>
/// What the latency of a matrix product depends on, apart from the engine. Rows are counted by the width that their weights take in memory.
/// </summary>
/// <param name="Rows4">Output rows with weights of at most 4 bits.</param>
/// <param name="Rows8">Output rows with weights of 5 to 8 bits.</param>
/// <param name="Rows16">Output rows with weights of 9 to 16 bits.</param>
/// <param name="K">Reduction length.</param>
/// <param name="Columns">Columns of the activations: tokens.</param>
/// <param name="Heads">0: a fully connected layer whose lanes split K; else so many products, each lane working on its own head.</param>
/// <param name="InputBits">Bits of the activations.</param>
public readonly record struct GemmShape(int Rows4, int Rows8, int Rows16, int K, int Columns, int Heads, int InputBits)
{
    /// <summary>Output rows M.</summary>
    public int Rows => Rows4 + Rows8 + Rows16;

    /// <summary>Multiplications, of all heads.</summary>
    public long Macs => (long)Rows * K * Columns * Math.Max(Heads, 1);

    public bool Equals(GemmShape other) =>
        Rows4 == other.Rows4 && Rows8 == other.Rows8 && Rows16 == other.Rows16 && K == other.K && Columns == other.Columns
        && Heads == other.Heads && InputBits == other.InputBits;

    public override int GetHashCode()
    {
        ulong hash = (uint)Rows4 * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ ((ulong)(uint)Rows8 << 32 | (uint)K)) * 0xD6E8FEB86659FD93UL;
        hash = (hash ^ hash >> 29 ^ ((ulong)(uint)Rows16 << 32 | (uint)Columns)) * 0xC2B2AE3D27D4EB4FUL;
        hash = (hash ^ hash >> 31 ^ ((ulong)(uint)Heads << 32 | (uint)InputBits)) * 0x9E3779B97F4A7C15UL;
        return (int)(hash >> 33);
    }

    /// <summary>The width that weights of this format take: 4, 8 or 16 bits; 0 when no engine holds them.</summary>
    public static int WeightWidth(NumberFormat format) => format.Kind switch
    {
        NumberKind.Binary => 4,
        NumberKind.Int when format.Bits is >= 1 and <= 4 => 4,
        NumberKind.Int when format.Bits is > 4 and <= 8 => 8,
        NumberKind.Int when format.Bits is > 8 and <= 16 => 16,
        _ => 0,
    };

    /// <summary>Bits of activations in this format; 0 when no engine takes them.</summary>
    public static int InputWidth(NumberFormat format) => format.Kind switch
    {
        NumberKind.Binary => 2,
        NumberKind.Int when format.Bits is >= 1 and <= 16 => format.Bits,
        _ => 0,
    };
}
