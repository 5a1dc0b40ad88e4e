using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>8-bit codes one by one; inputs in 16 bits.</summary>
internal readonly unsafe struct Bytes : ITileOperator<int, int, int>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(short);

    public static int WeightBytes => sizeof(sbyte);

    public static int Input(byte* x) => *(short*)x;

    public static int Weights(byte* panel) => *(sbyte*)panel;

    public static int Accumulate(int x, int w, int sums) => sums + x * w;
}

/// <summary>Pairs of codes in 16 bits, multiplied and added in 32: exact whatever the codes (AVX2, vpmaddwd).</summary>
internal readonly unsafe struct Bytes256 : ITileOperator<Vector256<short>, Vector256<short>, Vector256<int>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(short);

    public static int WeightBytes => sizeof(Vector128<sbyte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Input(byte* x) => Vector256.Create(*(int*)x).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Weights(byte* panel) => Avx2.ConvertToVector256Int16((sbyte*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<short> x, Vector256<short> w, Vector256<int> sums) => sums + Avx2.MultiplyAddAdjacent(x, w);
}

/// <summary>The same in vectors of sixteen sums (AVX-512 BW).</summary>
internal readonly unsafe struct Bytes512 : ITileOperator<Vector512<short>, Vector512<short>, Vector512<int>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(short);

    public static int WeightBytes => sizeof(Vector256<sbyte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Input(byte* x) => Vector512.Create(*(int*)x).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Weights(byte* panel) => Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)panel));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Accumulate(Vector512<short> x, Vector512<short> w, Vector512<int> sums) => sums + Avx512BW.MultiplyAddAdjacent(x, w);
}

/// <summary>Four codes at once, weights plus 128 to be unsigned (AVX-VNNI, vpdpbusd, which does not saturate).</summary>
internal readonly unsafe struct BytesVnni : ITileOperator<Vector256<sbyte>, Vector256<byte>, Vector256<int>>
{
    public static int Step => 4;

    public static int InputBytes => sizeof(sbyte);

    public static int WeightBytes => sizeof(Vector256<sbyte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Input(byte* x) => Vector256.Create(*(int*)x).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Weights(byte* panel) => Vector256.Load(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<sbyte> x, Vector256<byte> w, Vector256<int> sums) => AvxVnni.MultiplyWideningAndAdd(sums, w, x);
}

/// <summary>Pairs of codes in 16 bits (Arm AdvSimd, smull and addp).</summary>
internal readonly unsafe struct BytesAdvSimd : ITileOperator<Vector128<short>, Vector128<short>, Vector128<int>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(short);

    public static int WeightBytes => sizeof(Vector64<sbyte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Input(byte* x) => Vector128.Create(*(int*)x).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Weights(byte* panel) => AdvSimd.SignExtendWideningLower(Vector64.Load((sbyte*)panel));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<short> x, Vector128<short> w, Vector128<int> sums) =>
        sums + AdvSimd.Arm64.AddPairwise(AdvSimd.MultiplyWideningLower(x.GetLower(), w.GetLower()), AdvSimd.MultiplyWideningUpper(x, w));
}

/// <summary>Four signed codes at once (Arm dot product, sdot).</summary>
internal readonly unsafe struct BytesDp : ITileOperator<Vector128<sbyte>, Vector128<sbyte>, Vector128<int>>
{
    public static int Step => 4;

    public static int InputBytes => sizeof(sbyte);

    public static int WeightBytes => sizeof(Vector128<sbyte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Input(byte* x) => Vector128.Create(*(int*)x).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Weights(byte* panel) => Vector128.Load((sbyte*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<sbyte> x, Vector128<sbyte> w, Vector128<int> sums) => Dp.DotProduct(sums, x, w);
}
