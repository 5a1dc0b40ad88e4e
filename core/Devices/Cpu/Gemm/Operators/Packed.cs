using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>
/// Two products of 4-bit codes by one multiplication (Agile-Quant's appendix): a lane of 32 bits holds two weights a byte apart, times an input shared by both; each product, at most 15 x 15 = 225, stays
/// in its byte, and the two are moved into halves of 16 bits. So 291 additions fit, of which 256 are used. All codes are offset by 8 to be unsigned: with negative ones most products would be wrong.
/// </summary>
internal readonly unsafe struct Packed : ITileOperator<uint, uint, uint>
{
    /// <summary>Where the two products are, once moved.</summary>
    public const uint Fields = 0x00FF00FF;

    public static int Step => 1;

    public static int InputBytes => sizeof(byte);

    public static int WeightBytes => 2 * sizeof(byte);

    public static int MostSteps => 256;

    public static uint Input(byte* x) => *x;

    public static uint Weights(byte* panel) => *(ushort*)panel;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Accumulate(uint x, uint w, uint sums)
    {
        uint products = w * x;
        return sums + ((products | products << 8) & Fields);
    }
}

/// <summary>Four lanes at once.</summary>
internal readonly unsafe struct Packed128 : ITileOperator<Vector128<uint>, Vector128<uint>, Vector128<uint>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(byte);

    public static int WeightBytes => sizeof(Vector64<byte>);

    public static int MostSteps => Packed.MostSteps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Input(byte* x) => Vector128.Create((uint)*x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Weights(byte* panel) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)panel).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Accumulate(Vector128<uint> x, Vector128<uint> w, Vector128<uint> sums)
    {
        Vector128<uint> products = w * x;
        return sums + ((products | products << 8) & Vector128.Create(Packed.Fields));
    }
}

/// <summary>Eight lanes at once (AVX2, vpmulld).</summary>
internal readonly unsafe struct Packed256 : ITileOperator<Vector256<uint>, Vector256<uint>, Vector256<uint>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(byte);

    public static int WeightBytes => sizeof(Vector128<byte>);

    public static int MostSteps => Packed.MostSteps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Input(byte* x) => Vector256.Create((uint)*x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Weights(byte* panel) => Vector256.WidenLower(Vector128.Load(panel).AsUInt16().ToVector256Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Accumulate(Vector256<uint> x, Vector256<uint> w, Vector256<uint> sums)
    {
        Vector256<uint> products = w * x;
        return sums + ((products | products << 8) & Vector256.Create(Packed.Fields));
    }
}

/// <summary>Two sums of 16 bits to a lane, made two of 32 bits when they are put.</summary>
internal readonly unsafe struct FieldSums : IVector<uint>
{
    public static int Outputs => 2;

    public static uint Zero => 0;

    public static void Put(byte* y, uint sums, bool first)
    {
        int* to = (int*)y;
        to[0] = (first ? 0 : to[0]) + (ushort)sums;
        to[1] = (first ? 0 : to[1]) + (int)(sums >> 16);
    }
}

/// <summary>The same for four lanes.</summary>
internal readonly unsafe struct FieldSums128 : IVector<Vector128<uint>>
{
    public static int Outputs => Vector128<ushort>.Count;

    public static Vector128<uint> Zero => Vector128<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector128<uint> sums, bool first)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(sums.AsUInt16());
        Sums128<uint>.Put(y, low, first);
        Sums128<uint>.Put(y + sizeof(Vector128<uint>), high, first);
    }
}

/// <summary>The same for eight lanes.</summary>
internal readonly unsafe struct FieldSums256 : IVector<Vector256<uint>>
{
    public static int Outputs => Vector256<ushort>.Count;

    public static Vector256<uint> Zero => Vector256<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector256<uint> sums, bool first)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(sums.AsUInt16());
        Sums256<uint>.Put(y, low, first);
        Sums256<uint>.Put(y + sizeof(Vector256<uint>), high, first);
    }
}
