using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>Numbers in bfloat16 one by one: the upper halves of floats.</summary>
internal readonly unsafe struct Bf16s : ITileOperator<float, float, float>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(ushort);

    public static int WeightBytes => sizeof(ushort);

    public static float Input(byte* x) => Float(*(ushort*)x);

    public static float Weights(byte* panel) => Float(*(ushort*)panel);

    public static float Accumulate(float x, float w, float sums) => MathF.FusedMultiplyAdd(x, w, sums);

    private static float Float(ushort half) => BitConverter.UInt32BitsToSingle((uint)half << 16);
}

/// <summary>Two at a time, made floats again: the low halves shifted up, the high ones with the low bits cleared.</summary>
internal readonly unsafe struct Bf16s128 : ITileOperator<Vector128<uint>, Vector128<uint>, Vector128<float>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(ushort);

    public static int WeightBytes => sizeof(Vector128<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Input(byte* x) => Vector128.Create(*(uint*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Weights(byte* panel) => Vector128.Load((uint*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Accumulate(Vector128<uint> x, Vector128<uint> w, Vector128<float> sums)
    {
        Vector128<uint> high = Vector128.Create(0xFFFF0000);
        sums = Vector128.FusedMultiplyAdd((x << 16).AsSingle(), (w << 16).AsSingle(), sums);
        return Vector128.FusedMultiplyAdd((x & high).AsSingle(), (w & high).AsSingle(), sums);
    }
}

/// <summary>The same in 256 bits.</summary>
internal readonly unsafe struct Bf16s256 : ITileOperator<Vector256<uint>, Vector256<uint>, Vector256<float>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(ushort);

    public static int WeightBytes => sizeof(Vector256<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Input(byte* x) => Vector256.Create(*(uint*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Weights(byte* panel) => Vector256.Load((uint*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Accumulate(Vector256<uint> x, Vector256<uint> w, Vector256<float> sums)
    {
        Vector256<uint> high = Vector256.Create(0xFFFF0000);
        sums = Vector256.FusedMultiplyAdd((x << 16).AsSingle(), (w << 16).AsSingle(), sums);
        return Vector256.FusedMultiplyAdd((x & high).AsSingle(), (w & high).AsSingle(), sums);
    }
}

/// <summary>The same in 512 bits.</summary>
internal readonly unsafe struct Bf16s512 : ITileOperator<Vector512<uint>, Vector512<uint>, Vector512<float>>
{
    public static int Step => 2;

    public static int InputBytes => sizeof(ushort);

    public static int WeightBytes => sizeof(Vector512<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Input(byte* x) => Vector512.Create(*(uint*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Weights(byte* panel) => Vector512.Load((uint*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Accumulate(Vector512<uint> x, Vector512<uint> w, Vector512<float> sums)
    {
        Vector512<uint> high = Vector512.Create(0xFFFF0000);
        sums = Vector512.FusedMultiplyAdd((x << 16).AsSingle(), (w << 16).AsSingle(), sums);
        return Vector512.FusedMultiplyAdd((x & high).AsSingle(), (w & high).AsSingle(), sums);
    }
}
