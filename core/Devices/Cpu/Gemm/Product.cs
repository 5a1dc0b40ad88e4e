namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y = X W^T over some panels of W, tile by tile. K is cut so that a panel's slice stays in the first cache while rows of X pass by, M so that those rows stay in the second; sums lie
/// in Y's own place meanwhile.
/// </summary>
internal static unsafe class Product
{
    private const int SumBytes = sizeof(float);
    private const int RowsWorthUnpacking = 8;

    /// <param name="x">[M][steps], rows <paramref name="xStride"/> bytes apart, as the kernel reads them.</param>
    /// <param name="y">[M][N] of four bytes.</param>
    /// <param name="rows">M.</param>
    /// <param name="from">The first panel.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="groupSteps">Steps of K that have scales of their own; all of them unless stated.</param>
    public static void Run<T>(byte* x, nint xStride, int rows, Panels<T> weights, byte* y, int from, int to, Finish finish, int groupSteps = int.MaxValue) where T : unmanaged
    {
        TileKernel kernel = weights.Kernel;
        TileKernel? unpacked = rows >= RowsWorthUnpacking ? kernel.Unpacked : null;
        int stepBytes = kernel.Step * kernel.InputBytes;
        bool grouped = groupSteps < weights.Steps;
        int slices = rows == 1 ? 1 : Parts(weights.Steps, kernel.SliceBytes / kernel.PanelBytes), depth = grouped ? groupSteps : (weights.Steps + slices - 1) / slices;
        int blocks = Parts(rows, Math.Max(1, kernel.RowsBytes / (depth * stepBytes)));
        byte* wide = stackalloc byte[unpacked is null ? 0 : 2 * depth * kernel.PanelBytes];
        var call = new TileCall { XStride = xStride, YStride = (nint)weights.Outputs * SumBytes };
        for (int block = 0; block < blocks; block++)
        for (int step = 0; step < weights.Steps; step += depth)
        {
            int steps = Math.Min(depth, weights.Steps - step);
            (int row, int end) = Cpu.Step.Share(rows, block, blocks);
            (call.First, call.Last) = (grouped || step == 0 ? 1 : 0, grouped || step + steps == weights.Steps ? 1 : 0);
            int group = grouped ? step / groupSteps : 0;
            for (int panel = from; panel < to; panel++)
            {
                int column = panel * kernel.Columns;
                call.Panel = weights.At(panel, step);
                (call.Steps, call.Columns) = (steps, Math.Min(kernel.Columns, weights.Outputs - column));
                if (unpacked is not null)
                {
                    Halves.Unpack(call.Panel, wide, steps * kernel.PanelBytes);
                    call.Panel = wide;
                    call.Steps = 2 * steps;
                }
                Rows(unpacked ?? kernel, &call, x + (nint)step * stepBytes, y + (nint)column * SumBytes, row, end, column, group, finish);
            }
        }
    }

    // All tiles of a block of rows, as high as one another but for one row.
    private static void Rows(TileKernel kernel, TileCall* call, byte* x, byte* y, int row, int end, int column, int group, Finish finish)
    {
        int tiles = Parts(end - row, kernel.Rows), padded = kernel.Padded((int)(call->YStride / SumBytes));
        for (int tile = 0; tile < tiles; tile++)
        {
            (int from, int to) = Cpu.Step.Share(end - row, tile, tiles);
            from += row;
            call->X = x + from * call->XStride;
            call->Y = y + from * call->YStride;
            finish.Put(call, from, column, group, padded);
            kernel.Run(call, row + to - from);
        }
    }

    /// <summary>As few parts as are no larger than so much.</summary>
    private static int Parts(int count, int most) => (count + most - 1) / most;
}
