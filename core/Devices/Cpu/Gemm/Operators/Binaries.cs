using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>32 signs of inputs and weights at a time: how many differ.</summary>
internal readonly unsafe struct Binaries : ITileOperator<uint, uint, int>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(uint);

    public static int WeightBytes => sizeof(uint);

    public static uint Input(byte* x) => *(uint*)x;

    public static uint Weights(byte* panel) => *(uint*)panel;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Accumulate(uint x, uint w, int sums) => sums + BitOperations.PopCount(x ^ w);
}

/// <summary>Bits counted by halves of bytes in a table of sixteen (AVX2, vpshufb), bytes added in pairs of pairs.</summary>
internal readonly unsafe struct Binaries256 : ITileOperator<Vector256<byte>, Vector256<byte>, Vector256<int>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(uint);

    public static int WeightBytes => sizeof(Vector256<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Input(byte* x) => Vector256.Create(*(uint*)x).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Weights(byte* panel) => Vector256.Load(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<byte> x, Vector256<byte> w, Vector256<int> sums)
    {
        Vector256<byte> table = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4), low = Vector256.Create((byte)0x0F), differ = x ^ w;
        Vector256<byte> counts = Avx2.Shuffle(table, differ & low) + Avx2.Shuffle(table, (differ.AsUInt16() >> 4).AsByte() & low);
        return sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(counts, Vector256<sbyte>.One), Vector256<short>.One);
    }
}

/// <summary>The same in 512 bits (AVX-512 BW).</summary>
internal readonly unsafe struct Binaries512 : ITileOperator<Vector512<byte>, Vector512<byte>, Vector512<int>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(uint);

    public static int WeightBytes => sizeof(Vector512<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Input(byte* x) => Vector512.Create(*(uint*)x).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Weights(byte* panel) => Vector512.Load(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Accumulate(Vector512<byte> x, Vector512<byte> w, Vector512<int> sums)
    {
        Vector512<byte> table = Vector512.Create(0x03020201_02010100, 0x04030302_03020201, 0x03020201_02010100, 0x04030302_03020201, 0x03020201_02010100, 0x04030302_03020201, 0x03020201_02010100, 0x04030302_03020201).AsByte();
        Vector512<byte> low = Vector512.Create((byte)0x0F), differ = x ^ w, counts = Avx512BW.Shuffle(table, differ & low) + Avx512BW.Shuffle(table, (differ.AsUInt16() >> 4).AsByte() & low);
        return sums + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(counts, Vector512<sbyte>.One), Vector512<short>.One);
    }
}

/// <summary>Bits of bytes counted by the processor, then added in pairs of pairs (Arm AdvSimd, cnt and uaddlp).</summary>
internal readonly unsafe struct BinariesAdvSimd : ITileOperator<Vector128<byte>, Vector128<byte>, Vector128<int>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(uint);

    public static int WeightBytes => sizeof(Vector128<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Input(byte* x) => Vector128.Create(*(uint*)x).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Weights(byte* panel) => Vector128.Load(panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Accumulate(Vector128<byte> x, Vector128<byte> w, Vector128<int> sums) =>
        sums + AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(AdvSimd.PopCount(x ^ w))).AsInt32();
}
