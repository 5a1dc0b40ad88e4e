using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>
/// The inner loop of SpMV with blocks: a column of up to sixteen rows of Y while the kept columns of W run. Four accumulators, which are as many columns' as make up for the latency
/// of an addition: four columns where one vector holds all rows, one where it takes four.
/// </summary>
internal static unsafe class VectorTile<TFloats, T> where TFloats : struct, IFloats<T> where T : unmanaged
{
    private const int Accumulators = 4, MostRows = 16;

    /// <summary>Rows of Y in a tile.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Min(MostRows, Accumulators * TFloats.Lanes);
    }

    private static int PerColumn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Rows / TFloats.Lanes;
    }

    /// <summary>Adds W x to some rows of y, tile by tile.</summary>
    /// <param name="listed">[count] elements of x.</param>
    /// <param name="weights">[tiles][count][Rows].</param>
    /// <param name="rows">[places]: the row of y of each place in the tiles.</param>
    /// <param name="low">The first place that is wanted.</param>
    /// <param name="high">The one after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ushort* listed, int count, float* weights, int* rows, int low, int high, float* x, float* y)
    {
        float* sums = stackalloc float[MostRows];
        float* w = weights + (nint)(low / Rows) * Rows * count;
        ushort* end = listed + count, whole = end - count % (Accumulators / PerColumn);
        for (int place = low / Rows * Rows; place < high; place += Rows)
        {
            T a0 = default, a1 = default, a2 = default, a3 = default;
            ushort* column = listed;
            for (; column < whole; column += Accumulators / PerColumn, w += Accumulators * TFloats.Lanes)
            {
                a0 = TFloats.MultiplyAdd(TFloats.Load(w), TFloats.Broadcast(x + column[0]), a0);
                a1 = TFloats.MultiplyAdd(TFloats.Load(w + TFloats.Lanes), TFloats.Broadcast(x + column[1 / PerColumn]), a1);
                a2 = TFloats.MultiplyAdd(TFloats.Load(w + 2 * TFloats.Lanes), TFloats.Broadcast(x + column[2 / PerColumn]), a2);
                a3 = TFloats.MultiplyAdd(TFloats.Load(w + 3 * TFloats.Lanes), TFloats.Broadcast(x + column[3 / PerColumn]), a3);
            }
            for (; column < end; column++, w += Rows)
            {
                T v = TFloats.Broadcast(x + *column);
                a0 = TFloats.MultiplyAdd(TFloats.Load(w), v, a0);
                if (PerColumn > 1) a1 = TFloats.MultiplyAdd(TFloats.Load(w + TFloats.Lanes), v, a1);
                if (PerColumn > 2)
                {
                    a2 = TFloats.MultiplyAdd(TFloats.Load(w + 2 * TFloats.Lanes), v, a2);
                    a3 = TFloats.MultiplyAdd(TFloats.Load(w + 3 * TFloats.Lanes), v, a3);
                }
            }
            Store(sums, a0, a1, a2, a3);
            Add(sums, y, rows + place, Math.Max(0, low - place), Math.Min(Rows, high - place));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, T a0, T a1, T a2, T a3)
    {
        if (PerColumn == 1)
        {
            TFloats.Store(TFloats.Add(TFloats.Add(a0, a1), TFloats.Add(a2, a3)), sums);
            return;
        }
        if (PerColumn == 2) (a0, a1) = (TFloats.Add(a0, a2), TFloats.Add(a1, a3));
        TFloats.Store(a0, sums);
        TFloats.Store(a1, sums + TFloats.Lanes);
        if (PerColumn == 2) return;
        TFloats.Store(a2, sums + 2 * TFloats.Lanes);
        TFloats.Store(a3, sums + 3 * TFloats.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, float* y, int* rows, int low, int high)
    {
        int i = low;
        for (; i <= high - Accumulators; i += Accumulators)
        {
            y[rows[i]] += sums[i];
            y[rows[i + 1]] += sums[i + 1];
            y[rows[i + 2]] += sums[i + 2];
            y[rows[i + 3]] += sums[i + 3];
        }
        for (; i < high; i++) y[rows[i]] += sums[i];
    }
}
