using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>
/// 8-bit codes times 4-bit weights, which lie two to a byte, the first of a pair in the low half, each plus 8: from 0 to 15. Eight times the sum of X is taken off afterwards. Here a pair at a time.
/// </summary>
internal readonly unsafe struct Nibbles : ITileOperator<int, int, int>
{
    public static int Step => 1;

    public static int InputBytes => 2 * sizeof(sbyte);

    public static int WeightBytes => sizeof(byte);

    public static int Input(byte* x) => *(short*)x;

    public static int Weights(byte* panel) => *panel;

    public static int Accumulate(int x, int w, int sums) => sums + (sbyte)x * (w & 15) + (sbyte)(x >> 8) * (w >> 4);
}

/// <summary>
/// Four codes at a time; products of two are added in 16 bits, at most 2 x 15 x 128 = 3,840 in size, so that eight steps fit (AVX2, vpmaddubsw, which never saturates here).
/// </summary>
internal readonly unsafe struct Nibbles256 : ITileOperator<Vector256<sbyte>, Vector256<byte>, Vector256<short>>
{
    public static int Step => 2;

    public static int InputBytes => 2 * sizeof(sbyte);

    public static int WeightBytes => sizeof(Vector128<byte>);

    public static int MostSteps => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Input(byte* x) => Vector256.Create(*(int*)x).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Weights(byte* panel)
    {
        Vector256<short> pairs = Avx2.ConvertToVector256Int16(panel);   // 00HL
        return ((pairs | Avx2.ShiftLeftLogical(pairs, 4)) & Vector256.Create((short)0x0F0F)).AsByte();   // 0H0L
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Accumulate(Vector256<sbyte> x, Vector256<byte> w, Vector256<short> sums) => sums + Avx2.MultiplyAddAdjacent(w, x);
}

/// <summary>The same with sums of four in 32 bits (AVX-VNNI, vpdpbusd).</summary>
internal readonly unsafe struct NibblesVnni : ITileOperator<Vector256<sbyte>, Vector256<byte>, Vector256<int>>
{
    public static int Step => Nibbles256.Step;

    public static int InputBytes => Nibbles256.InputBytes;

    public static int WeightBytes => Nibbles256.WeightBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Input(byte* x) => Nibbles256.Input(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Weights(byte* panel) => Nibbles256.Weights(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<sbyte> x, Vector256<byte> w, Vector256<int> sums) => AvxVnni.MultiplyWideningAndAdd(sums, w, x);
}

/// <summary>As with AVX2, sixteen outputs to a vector (AVX-512 BW).</summary>
internal readonly unsafe struct Nibbles512 : ITileOperator<Vector512<sbyte>, Vector512<byte>, Vector512<short>>
{
    public static int Step => 2;

    public static int InputBytes => 2 * sizeof(sbyte);

    public static int WeightBytes => sizeof(Vector256<byte>);

    public static int MostSteps => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<sbyte> Input(byte* x) => Vector512.Create(*(int*)x).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Weights(byte* panel)
    {
        Vector512<short> pairs = Avx512BW.ConvertToVector512Int16(Vector256.Load(panel));
        return ((pairs | Avx512BW.ShiftLeftLogical(pairs, 4)) & Vector512.Create((short)0x0F0F)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Accumulate(Vector512<sbyte> x, Vector512<byte> w, Vector512<short> sums) => sums + Avx512BW.MultiplyAddAdjacent(w, x);
}

/// <summary>Four codes at a time, products in 16 bits, added in 32 (Arm AdvSimd, smull and two pairwise additions).</summary>
internal readonly unsafe struct NibblesAdvSimd : ITileOperator<Vector128<sbyte>, Vector128<sbyte>, Vector128<int>>
{
    public static int Step => 2;

    public static int InputBytes => 2 * sizeof(sbyte);

    public static int WeightBytes => sizeof(Vector64<byte>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Input(byte* x) => Vector128.Create(*(int*)x).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Weights(byte* panel)
    {
        Vector128<ushort> pairs = AdvSimd.ZeroExtendWideningLower(Vector64.Load(panel));
        return ((pairs | AdvSimd.ShiftLeftLogical(pairs, 4)) & Vector128.Create((ushort)0x0F0F)).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<sbyte> x, Vector128<sbyte> w, Vector128<int> sums) => sums + AdvSimd.Arm64.AddPairwise(
        AdvSimd.AddPairwiseWidening(AdvSimd.MultiplyWideningLower(x.GetLower(), w.GetLower())), AdvSimd.AddPairwiseWidening(AdvSimd.MultiplyWideningUpper(x, w)));
}

/// <summary>Four codes at once (Arm dot product, sdot).</summary>
internal readonly unsafe struct NibblesDp : ITileOperator<Vector128<sbyte>, Vector128<sbyte>, Vector128<int>>
{
    public static int Step => NibblesAdvSimd.Step;

    public static int InputBytes => NibblesAdvSimd.InputBytes;

    public static int WeightBytes => NibblesAdvSimd.WeightBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Input(byte* x) => NibblesAdvSimd.Input(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Weights(byte* panel) => NibblesAdvSimd.Weights(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<sbyte> x, Vector128<sbyte> w, Vector128<int> sums) => Dp.DotProduct(sums, x, w);
}
