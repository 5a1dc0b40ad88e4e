using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>Functions of a row as a whole; the result may take the row's place. The order of additions is fixed by the row's length alone.</summary>
internal static unsafe class Rows
{
    /// <summary>What norms add to the variance (the default of PyTorch's layer norm).</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>gain (x - mean) / sqrt(variance + epsilon) + bias.</summary>
    public static void LayerNorm(float* x, float* gain, float* bias, float* y, int count, float epsilon = Epsilon)
    {
        float mean = Sum(x, count) / count, variance = Vector.Sum(Fold.Run(new Squares(mean), x, count, 0)) / count;
        Vector<float> means = new(mean), inverse = new(1 / MathF.Sqrt(variance + epsilon));
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Normalise<Whole>(x + i, means, inverse, gain + i, bias + i, y + i, 0);
        if (i < count) Normalise<Partial>(x + i, means, inverse, gain + i, bias + i, y + i, count - i);
    }

    /// <summary>gain x / sqrt(mean of squares + epsilon).</summary>
    public static void RmsNorm(float* x, float* gain, float* y, int count)
    {
        float square = Vector.Sum(Fold.Run(new Squares(0), x, count, 0)) / count;
        Times(x, 1 / MathF.Sqrt(square + Epsilon), y, count);
        Map.Run<Scale>(y, gain, y, count);
    }

    /// <summary>e^x over their sum.</summary>
    public static void Softmax(float* x, float* y, int count) => Times(y, 1 / Exponentials(x, y, count, Top(x, count), 1), y, count);

    /// <summary>The sum.</summary>
    public static float Sum(float* x, int count) => Vector.Sum(Fold.Run(new Total(), x, count, 0));

    /// <summary>The largest.</summary>
    public static float Top(float* x, int count) => Largest(Fold.Run(new Largest(), x, count, float.NegativeInfinity));

    /// <summary>e^(scale (x - top)), scale above 0, and their sum: a softmax not yet divided.</summary>
    public static float Exponentials(float* x, float* y, int count, float top, float scale)
    {
        Vector<float> sums = Vector<float>.Zero, scales = new(scale), tops = new(top);
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) sums += Exponential<Whole>(x + i, tops, scales, y + i, 0);
        if (i < count) sums += Exponential<Partial>(x + i, tops, scales, y + i, count - i);
        return Vector.Sum(sums);
    }

    /// <summary>x times a factor.</summary>
    public static void Times(float* x, float factor, float* y, int count)
    {
        var factors = new Vector<float>(factor);
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.Load(x + i) * factors, y + i);
        for (; i < count; i++) y[i] = x[i] * factor;
    }

    /// <summary>y + x w, element by element, into y.</summary>
    public static void AddProduct(float* x, float* w, float* y, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.FusedMultiplyAdd(Vector.Load(x + i), Vector.Load(w + i), Vector.Load(y + i)), y + i);
        for (; i < count; i++) y[i] = MathF.FusedMultiplyAdd(x[i], w[i], y[i]);
    }

    /// <summary>y + weight x into y.</summary>
    public static void AddTimes(float* x, float weight, float* y, int count)
    {
        var weights = new Vector<float>(weight);
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.FusedMultiplyAdd(weights, Vector.Load(x + i), Vector.Load(y + i)), y + i);
        for (; i < count; i++) y[i] = MathF.FusedMultiplyAdd(weight, x[i], y[i]);
    }

    private static float Largest(Vector<float> most)
    {
        if (Vector<float>.Count == Vector256<float>.Count)
        {
            Vector128<float> half = Vector128.MaxNative(most.AsVector256().GetLower(), most.AsVector256().GetUpper());
            half = Vector128.MaxNative(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
            return Vector128.MaxNative(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
        }
        float largest = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++) largest = float.MaxNative(largest, ((float*)&most)[lane]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normalise<TLanes>(float* x, Vector<float> means, Vector<float> inverse, float* gain, float* bias, float* y, int left) where TLanes : struct, ILanes =>
        TLanes.Store(Vector.FusedMultiplyAdd((TLanes.Load(x, left) - means) * inverse, TLanes.Load(gain, left), TLanes.Load(bias, left)), y, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exponential<TLanes>(float* x, Vector<float> tops, Vector<float> scales, float* y, int left) where TLanes : struct, ILanes
    {
        Vector<float> e = Exp.Of((TLanes.Load(x, left, float.NegativeInfinity) - tops) * scales);
        TLanes.Store(e, y, left);
        return e;
    }
}
