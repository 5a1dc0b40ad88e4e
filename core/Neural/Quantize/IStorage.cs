using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Quantize;

/// <summary>How 16 neighbouring numbers of a storage type become two vectors of float32 and back.</summary>
internal interface IStorage<T> where T : unmanaged
{
    static abstract (Vector256<float> Low, Vector256<float> High) Load(ReadOnlySpan<T> from);

    static abstract void Store(Vector256<float> low, Vector256<float> high, Span<T> to);

    /// <summary>The first four numbers.</summary>
    static abstract Vector128<float> Four(ReadOnlySpan<T> from);

    static abstract float Read(T value);

    static abstract T Write(float value);

    /// <summary>As many numbers as there are.</summary>
    static abstract void Read(ReadOnlySpan<T> from, Span<float> to);

    /// <summary>As many numbers as there are.</summary>
    static abstract void Write(ReadOnlySpan<float> from, Span<T> to);
}

/// <summary>float32 as it is.</summary>
internal readonly struct Singles : IStorage<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Low, Vector256<float> High) Load(ReadOnlySpan<float> from) => (Vector256.Create(from), Vector256.Create(from[8..]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> low, Vector256<float> high, Span<float> to)
    {
        low.CopyTo(to);
        high.CopyTo(to[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ReadOnlySpan<float> from) => Vector128.Create(from);

    public static float Read(float value) => value;

    public static float Write(float value) => value;

    // A row of a head has 16 numbers, too few to pay for a call of the general copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(ReadOnlySpan<float> from, Span<float> to)
    {
        int i = 0;
        for (; i <= from.Length - 8 && i <= to.Length - 8; i += 8) Vector256.Create(from[i..]).CopyTo(to[i..]);
        for (; i < from.Length; i++) to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ReadOnlySpan<float> from, Span<float> to) => Read(from, to);
}

/// <summary>bfloat16 as the upper half of a float32, rounded to the nearest, halves to even; a NaN stays one.</summary>
internal readonly struct Brains : IStorage<ushort>
{
    private const uint Half = 0x7FFF, Quiet = 0x7FC0_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Low, Vector256<float> High) Load(ReadOnlySpan<ushort> from)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(from));
        return ((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> low, Vector256<float> high, Span<ushort> to) => Vector256.Narrow(Upper(low), Upper(high)).CopyTo(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ReadOnlySpan<ushort> from) => (Vector128.WidenLower(Vector64.Create(from).ToVector128Unsafe()) << 16).AsSingle();

    public static float Read(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    public static ushort Write(float value)
    {
        uint bits = float.IsNaN(value) ? Quiet : BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + Half + ((bits >> 16) & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(ReadOnlySpan<ushort> from, Span<float> to)
    {
        int i = 0;
        for (; i <= from.Length - 8 && i <= to.Length - 8; i += 8) (Vector256.WidenLower(Vector128.Create(from[i..]).ToVector256Unsafe()) << 16).AsSingle().CopyTo(to[i..]);
        for (; i < from.Length; i++) to[i] = Read(from[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ReadOnlySpan<float> from, Span<ushort> to)
    {
        int i = 0;
        for (; i <= from.Length - 8 && i <= to.Length - 8; i += 8)
        {
            Vector256<uint> upper = Upper(Vector256.Create(from[i..]));
            Vector128.Narrow(upper.GetLower(), upper.GetUpper()).CopyTo(to[i..]);
        }
        for (; i < from.Length; i++) to[i] = Write(from[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Upper(Vector256<float> value)
    {
        Vector256<uint> bits = Vector256.ConditionalSelect(Vector256.Equals(value, value), value, Vector256.Create(Quiet).AsSingle()).AsUInt32();
        return (bits + Vector256.Create(Half) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
    }
}
