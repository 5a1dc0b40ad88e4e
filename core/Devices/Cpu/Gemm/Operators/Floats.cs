using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>Floats one by one.</summary>
internal readonly unsafe struct Floats : ITileOperator<float, float, float>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(float);

    public static int WeightBytes => sizeof(float);

    public static float Input(byte* x) => *(float*)x;

    public static float Weights(byte* panel) => *(float*)panel;

    public static float Accumulate(float x, float w, float sums) => MathF.FusedMultiplyAdd(x, w, sums);
}

/// <summary>Floats in vectors of four.</summary>
internal readonly unsafe struct Floats128 : ITileOperator<Vector128<float>, Vector128<float>, Vector128<float>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(float);

    public static int WeightBytes => sizeof(Vector128<float>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Input(byte* x) => Vector128.Create(*(float*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Weights(byte* panel) => Vector128.Load((float*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Accumulate(Vector128<float> x, Vector128<float> w, Vector128<float> sums) => Vector128.FusedMultiplyAdd(x, w, sums);
}

/// <summary>Floats in vectors of eight.</summary>
internal readonly unsafe struct Floats256 : ITileOperator<Vector256<float>, Vector256<float>, Vector256<float>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(float);

    public static int WeightBytes => sizeof(Vector256<float>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Input(byte* x) => Vector256.Create(*(float*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Weights(byte* panel) => Vector256.Load((float*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Accumulate(Vector256<float> x, Vector256<float> w, Vector256<float> sums) => Vector256.FusedMultiplyAdd(x, w, sums);
}

/// <summary>Floats in vectors of sixteen.</summary>
internal readonly unsafe struct Floats512 : ITileOperator<Vector512<float>, Vector512<float>, Vector512<float>>
{
    public static int Step => 1;

    public static int InputBytes => sizeof(float);

    public static int WeightBytes => sizeof(Vector512<float>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Input(byte* x) => Vector512.Create(*(float*)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Weights(byte* panel) => Vector512.Load((float*)panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Accumulate(Vector512<float> x, Vector512<float> w, Vector512<float> sums) => Vector512.FusedMultiplyAdd(x, w, sums);
}
