using System.Numerics;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>Functions of a row as a whole; the result may take the row's place. The order of additions is fixed by the row alone.</summary>
internal static unsafe class Rows
{
    /// <summary>What norms add to the variance (the default of PyTorch's layer norm).</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>gain (x - mean) / sqrt(variance + epsilon) + bias.</summary>
    public static void LayerNorm(float* x, float* gain, float* bias, float* y, int count)
    {
        var sums = Vector<float>.Zero;
        for (int i = 0; i < count; i += Vector<float>.Count) sums += Lanes.Load(x + i, count - i);
        float mean = Vector.Sum(sums) / count;
        var means = new Vector<float>(mean);
        var squares = Vector<float>.Zero;
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> d = Lanes.Load(x + i, count - i, mean) - means;
            squares = Vector.FusedMultiplyAdd(d, d, squares);
        }
        var inverse = new Vector<float>(1 / MathF.Sqrt(Vector.Sum(squares) / count + Epsilon));
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            int left = count - i;
            Lanes.Store(Vector.FusedMultiplyAdd((Lanes.Load(x + i, left) - means) * inverse, Lanes.Load(gain + i, left), Lanes.Load(bias + i, left)), y + i, left);
        }
    }

    /// <summary>gain x / sqrt(mean of squares + epsilon).</summary>
    public static void RmsNorm(float* x, float* gain, float* y, int count)
    {
        var squares = Vector<float>.Zero;
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> v = Lanes.Load(x + i, count - i);
            squares = Vector.FusedMultiplyAdd(v, v, squares);
        }
        var inverse = new Vector<float>(1 / MathF.Sqrt(Vector.Sum(squares) / count + Epsilon));
        for (int i = 0; i < count; i += Vector<float>.Count) Lanes.Store(Lanes.Load(x + i, count - i) * inverse * Lanes.Load(gain + i, count - i), y + i, count - i);
    }

    /// <summary>e^x over their sum.</summary>
    public static void Softmax(float* x, float* y, int count)
    {
        var inverse = new Vector<float>(1 / Exponentials(x, y, count, 1));
        for (int i = 0; i < count; i += Vector<float>.Count) Lanes.Store(Lanes.Load(y + i, count - i) * inverse, y + i, count - i);
    }

    /// <summary>e^(scale (x - max x)), scale above 0, and their sum: a softmax not yet divided.</summary>
    public static float Exponentials(float* x, float* y, int count, float scale)
    {
        var most = new Vector<float>(float.NegativeInfinity);
        for (int i = 0; i < count; i += Vector<float>.Count) most = Vector.Max(most, Lanes.Load(x + i, count - i, float.NegativeInfinity));
        float largest = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        Vector<float> sums = Vector<float>.Zero, tops = new(largest), scales = new(scale);
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> e = Exp.Of((Lanes.Load(x + i, count - i, float.NegativeInfinity) - tops) * scales);
            sums += e;
            Lanes.Store(e, y + i, count - i);
        }
        return Vector.Sum(sums);
    }
}
