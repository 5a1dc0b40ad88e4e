using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>What is done to sums when K is through, or a group of inputs: they become floats in their place. Of floats only the bias is used.</summary>
/// <param name="rowScales">[M].</param>
/// <param name="rowOffsets">[groups][capacity]: what sums begin with.</param>
/// <param name="capacity">The most rows of X.</param>
/// <param name="scales">[groups][N, up to whole panels].</param>
/// <param name="bias">[N, up to whole panels].</param>
internal readonly unsafe struct Finish(float* rowScales, int* rowOffsets, int capacity, float* scales, float* bias)
{
    public Finish(float* bias)
        : this(null, null, 0, null, bias)
    {
    }

    /// <summary>The part of it that rows from <paramref name="row"/> on and outputs from <paramref name="column"/> on need in a group of inputs.</summary>
    /// <param name="padded">N, up to whole panels.</param>
    public void Put(TileCall* call, int row, int column, int group, int padded)
    {
        call->Addend = group == 0 ? bias + column : (float*)call->Y;
        call->AddendStride = group == 0 ? 0 : call->YStride;
        if (rowScales == null) return;
        call->Scales = scales + (nint)group * padded + column;
        call->RowScales = rowScales + row;
        call->RowOffsets = rowOffsets + (nint)group * capacity + row;
    }

    /// <summary>y = sums + addend.</summary>
    public static void Floats(float* sums, float* addend, float* y, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.Load(sums + i) + Vector.Load(addend + i), y + i);
        for (; i < count; i++) y[i] = sums[i] + addend[i];
    }

    /// <summary>y = (sums + offset) (scale rowScale) + addend.</summary>
    public static void Codes(int* sums, int rowOffset, float rowScale, float* scales, float* addend, float* y, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Store(Vector.ConvertToSingle(Vector.Load(sums + i) + new Vector<int>(rowOffset)) * (Vector.Load(scales + i) * rowScale) + Vector.Load(addend + i), y + i);
        for (; i < count; i++) y[i] = (sums[i] + rowOffset) * (scales[i] * rowScale) + addend[i];
    }
}
