namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y = X W^T over some panels of W, tile by tile. K is cut so that a panel's slice stays in a near cache while rows of X pass by, M so that those rows stay in the second; sums lie
/// in Y's own place meanwhile.
/// </summary>
internal static unsafe class Product
{
    private const int SumBytes = sizeof(float), RowsWorthUnpacking = 8, TilesWorthAPart = 2;
    private const long WeightsNear = 2 << 20;
    private const int ResultBytes = 256 << 10;   // of Y, which stays in the second cache for what follows

    /// <summary>
    /// Whether workers share the rows of X, and not the outputs: then each makes its own rows ready without waiting for the others, and no line of Y is written by two. It must be worth reading all of W
    /// by each: W is near, or rows are many.
    /// </summary>
    public static bool ByRows<T>(Panels<T> weights, int rows, int parts) where T : unmanaged
    {
        int least = TilesWorthAPart * weights.Kernel.Rows * (weights.Bytes <= WeightsNear ? 1 : 4);
        return parts > 1 && rows >= parts * least;
    }

    /// <param name="x">[M][steps], rows <paramref name="xStride"/> bytes apart, as the kernel reads them.</param>
    /// <param name="y">[M][N] of four bytes, rows <paramref name="yStride"/> bytes apart.</param>
    /// <param name="rows">Those of M that are computed.</param>
    /// <param name="panels">Those of W that are used.</param>
    /// <param name="groups">The step at which each group of inputs ends that has scales of its own; none where all share them.</param>
    /// <param name="after">Done to each block of rows that is finished; only where all panels are used, and Y has no gaps.</param>
    public static void Run<T>(byte* x, nint xStride, (int From, int To) rows, Panels<T> weights, byte* y, nint yStride, (int From, int To) panels, Finish finish, ReadOnlySpan<int> groups = default, IAfter? after = null) where T : unmanaged
    {
        TileKernel kernel = weights.Kernel;
        bool grouped = groups.Length > 0;
        int height = rows.To - rows.From;
        int most = kernel.SliceBytes / kernel.PanelBytes, stepBytes = kernel.Step * kernel.InputBytes;
        int slices = grouped ? groups.Length : height == 1 ? 1 : Parts(weights.Steps, most);
        int blocks = Parts(height, Math.Max(1, kernel.RowsBytes / (Math.Min(most, weights.Steps) * stepBytes)));
        if (after is not null) blocks = Math.Max(blocks, Parts(height, Math.Max(TilesWorthAPart * kernel.Rows, ResultBytes / (weights.Outputs * SumBytes))));
        TileKernel? unpacked = height >= RowsWorthUnpacking ? kernel.Unpacked : null;
        byte* wide = stackalloc byte[unpacked is null ? 0 : 2 * Math.Min(most, weights.Steps) * kernel.PanelBytes];
        var call = new TileCall { XStride = xStride, YStride = yStride, PanelStride = (nint)weights.Steps * kernel.PanelBytes };
        for (int block = 0; block < blocks; block++)
        {
            (int row, int end) = Step.Share(height, block, blocks);
            (row, end) = (rows.From + row, rows.From + end);
            for (int slice = 0; slice < slices; slice++)
            {
                (int step, int stop) = grouped ? (slice == 0 ? 0 : groups[slice - 1], groups[slice]) : Step.Share(weights.Steps, slice, slices);
                (call.First, call.Last) = (grouped || slice == 0 ? 1 : 0, grouped || slice == slices - 1 ? 1 : 0);
                for (int panel = panels.From; panel < panels.To; panel += call.Panels)
                {
                    int column = panel * kernel.Columns;
                    call.Panel = weights.At(panel, step);
                    call.Panels = height == 1 && panel + kernel.RowPanels <= panels.To && column + kernel.RowPanels * kernel.Columns <= weights.Outputs ? kernel.RowPanels : 1;
                    (call.Steps, call.Columns) = (stop - step, Math.Min(call.Panels * kernel.Columns, weights.Outputs - column));
                    bool unpack = unpacked is not null && stop - step <= most;
                    if (unpack)
                    {
                        Halves.Unpack(call.Panel, wide, (stop - step) * kernel.PanelBytes);
                        call.Panel = wide;
                        call.Steps *= 2;
                    }
                    Tiles(unpack ? unpacked! : kernel, &call, x + (nint)step * stepBytes, y + (nint)column * SumBytes, row, end, column, grouped ? slice : 0, weights.Count * kernel.Columns, finish);
                }
            }
            after?.Rows((float*)y, row, end);
        }
    }

    // All tiles of a block of rows, as high as one another but for one row.
    private static void Tiles(TileKernel kernel, TileCall* call, byte* x, byte* y, int row, int end, int column, int group, int padded, Finish finish)
    {
        int tiles = Parts(end - row, kernel.Rows);
        for (int tile = 0; tile < tiles; tile++)
        {
            (int from, int to) = Step.Share(end - row, tile, tiles);
            call->X = x + (row + from) * call->XStride;
            call->Y = y + (row + from) * call->YStride;
            finish.Put(call, row + from, column, group, padded);
            kernel.Run(call, to - from);
        }
    }

    /// <summary>As few parts as are no larger than so much.</summary>
    private static int Parts(int count, int most) => (count + most - 1) / most;
}
