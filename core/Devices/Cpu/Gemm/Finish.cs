using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>What is done to sums when K is through: they become floats in their place. Of floats only the bias is used.</summary>
/// <param name="rowScales">[M].</param>
/// <param name="rowOffsets">[M]: what sums begin with.</param>
/// <param name="scales">[N], and readable up to whole panels.</param>
/// <param name="bias">[N], and readable up to whole panels.</param>
internal readonly unsafe struct Finish(float* rowScales, int* rowOffsets, float* scales, float* bias)
{
    public Finish(float* bias)
        : this(null, null, null, bias)
    {
    }

    /// <summary>The part of it that rows from <paramref name="row"/> on and outputs from <paramref name="column"/> on need.</summary>
    public void Put(TileCall* call, int row, int column)
    {
        call->Bias = bias + column;
        if (rowScales == null) return;
        call->Scales = scales + column;
        call->RowScales = rowScales + row;
        call->RowOffsets = rowOffsets + row;
    }

    /// <summary>y = sums + bias.</summary>
    public static void Floats(float* y, float* bias, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.Load(y + i) + Vector.Load(bias + i), y + i);
        for (; i < count; i++) y[i] += bias[i];
    }

    /// <summary>y = (sums + offset) (scale rowScale) + bias.</summary>
    public static void Codes(int* y, int rowOffset, float rowScale, float* scales, float* bias, int count)
    {
        float* to = (float*)y;
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Store(Vector.ConvertToSingle(Vector.Load(y + i) + new Vector<int>(rowOffset)) * (Vector.Load(scales + i) * rowScale) + Vector.Load(bias + i), to + i);
        for (; i < count; i++) to[i] = (y[i] + rowOffset) * (scales[i] * rowScale) + bias[i];
    }
}
