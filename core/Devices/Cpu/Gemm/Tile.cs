using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// The inner kernel of every dense product: a tile of Y [6 rows of X][two vectors of outputs] is held in twelve registers while K runs. Per step: two loads of weights, six
/// of inputs, twelve accumulations.
/// </summary>
internal static unsafe class Tile<TOperator, TInput, TWeights, TVector, TSums> where TOperator : struct, ITileOperator<TInput, TWeights, TSums> where TVector : struct, IVector<TSums>
{
    public const int Rows = 6;

    /// <summary>Outputs of a tile, and of a panel.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TVector.Outputs;
    }

    /// <summary>As <see cref="Run"/>, cut into parts where sums need be put after so many steps.</summary>
    public static void RunInParts(byte* x, nint xStride, int rows, byte* panel, int steps, byte* y, nint yStride, bool first)
    {
        if (rows == 1)
        {
            RunOne(x, panel, steps, y, first);
            return;
        }
        for (int done = 0; done < steps; done += TOperator.MostSteps)
            Run(x + (nint)done * TOperator.Step * TOperator.InputBytes, xStride, rows, panel + (nint)done * 2 * TOperator.WeightBytes, Math.Min(TOperator.MostSteps, steps - done), y, yStride, first && done == 0);
    }

    /// <summary>y += x panel, or y = x panel where it is the first part of K.</summary>
    /// <param name="x">[rows][steps], rows <paramref name="xStride"/> bytes apart.</param>
    /// <param name="rows">1 to 6; the registers of rows beyond compute the last one again and are not stored.</param>
    /// <param name="panel">[steps][two vectors of weights].</param>
    /// <param name="y">[rows][Columns] sums, rows <paramref name="yStride"/> bytes apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* x, nint xStride, int rows, byte* panel, int steps, byte* y, nint yStride, bool first)
    {
        if (rows == 1)
        {
            RunOne(x, panel, steps, y, first);
            return;
        }
        byte* x0 = x, x1 = rows > 1 ? x0 + xStride : x0, x2 = rows > 2 ? x1 + xStride : x1, x3 = rows > 3 ? x2 + xStride : x2, x4 = rows > 4 ? x3 + xStride : x3, x5 = rows > 5 ? x4 + xStride : x4;
        TSums zero = TVector.Zero;
        TSums a0 = zero, b0 = zero, a1 = zero, b1 = zero, a2 = zero, b2 = zero, a3 = zero, b3 = zero, a4 = zero, b4 = zero, a5 = zero, b5 = zero;
        nint end = (nint)steps * TOperator.Step * TOperator.InputBytes;
        for (nint k = 0; k < end; k += TOperator.Step * TOperator.InputBytes)
        {
            TWeights wa = TOperator.Weights(panel), wb = TOperator.Weights(panel + TOperator.WeightBytes);
            panel += 2 * TOperator.WeightBytes;
            TInput v = TOperator.Input(x0 + k);
            a0 = TOperator.Accumulate(v, wa, a0);
            b0 = TOperator.Accumulate(v, wb, b0);
            v = TOperator.Input(x1 + k);
            a1 = TOperator.Accumulate(v, wa, a1);
            b1 = TOperator.Accumulate(v, wb, b1);
            v = TOperator.Input(x2 + k);
            a2 = TOperator.Accumulate(v, wa, a2);
            b2 = TOperator.Accumulate(v, wb, b2);
            v = TOperator.Input(x3 + k);
            a3 = TOperator.Accumulate(v, wa, a3);
            b3 = TOperator.Accumulate(v, wb, b3);
            v = TOperator.Input(x4 + k);
            a4 = TOperator.Accumulate(v, wa, a4);
            b4 = TOperator.Accumulate(v, wb, b4);
            v = TOperator.Input(x5 + k);
            a5 = TOperator.Accumulate(v, wa, a5);
            b5 = TOperator.Accumulate(v, wb, b5);
        }
        Put(y, a0, b0, first);
        if (rows > 1) Put(y += yStride, a1, b1, first);
        if (rows > 2) Put(y += yStride, a2, b2, first);
        if (rows > 3) Put(y += yStride, a3, b3, first);
        if (rows > 4) Put(y += yStride, a4, b4, first);
        if (rows > 5) Put(y + yStride, a5, b5, first);
    }

    // One row alone: weights come from far away and are used once, so what counts is to do little besides reading them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne(byte* x, byte* panel, int steps, byte* y, bool first)
    {
        for (int left = steps; left > 0; first = false)
        {
            int now = Math.Min(left, TOperator.MostSteps);
            left -= now;
            TSums a = TVector.Zero, b = TVector.Zero;
            for (; now > 0; now--)
            {
                TInput v = TOperator.Input(x);
                a = TOperator.Accumulate(v, TOperator.Weights(panel), a);
                b = TOperator.Accumulate(v, TOperator.Weights(panel + TOperator.WeightBytes), b);
                x += TOperator.Step * TOperator.InputBytes;
                panel += 2 * TOperator.WeightBytes;
            }
            Put(y, a, b, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(byte* y, TSums a, TSums b, bool first)
    {
        TVector.Put(y, a, first);
        TVector.Put(y + TVector.Outputs * sizeof(float), b, first);
    }
}
