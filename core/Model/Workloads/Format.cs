using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>Families of number formats.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NumberKind>))]
public enum NumberKind { Float, Int, Pow2, Log2, Binary, Stochastic }

/// <summary>What shares one scale.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Granularity>))]
public enum Granularity { Tensor, Row, Group }

/// <summary>A number format: bits, sign, what shares a scale, and the stream length of stochastic numbers.</summary>
public sealed record NumberFormat(NumberKind Kind, int Bits, bool Signed = true, Granularity Grain = Granularity.Tensor, int Group = 0, int Stream = 0)
{
    public static readonly NumberFormat F32 = new(NumberKind.Float, 32), BF16 = new(NumberKind.Float, 16);

    public static NumberFormat Int(int bits, bool signed = true, Granularity grain = Granularity.Tensor) => new(NumberKind.Int, bits, signed, grain);
}

/// <summary>Row-wise mixed precision: so many rows in this format. Parts are ordered and sum to M.</summary>
public sealed record RowPart(NumberFormat Format, int Rows);
