namespace Hone.Devices.Cpu.Gemm;

/// <summary>What is done to sums when K is through: they become floats in their place.</summary>
internal unsafe interface IEpilogue
{
    /// <param name="y">Sums of four bytes, in; floats, out.</param>
    /// <param name="row">The row of Y that they belong to.</param>
    /// <param name="column">The first of their outputs.</param>
    void Apply(byte* y, int row, int column, int count);
}

/// <summary>
/// Y = X W^T over some panels of W, tile by tile. K is cut so that a panel's slice stays in the first cache while rows of X pass by, M so that those rows stay in the second; sums lie
/// in Y's own place meanwhile.
/// </summary>
internal static unsafe class Product
{
    private const int SliceBytes = 16 << 10, RowsBytes = 240 << 10, SumBytes = sizeof(float);

    /// <param name="x">[M][steps], rows <paramref name="xStride"/> bytes apart, as the kernel reads them.</param>
    /// <param name="y">[M][N] of four bytes.</param>
    /// <param name="rows">M.</param>
    /// <param name="from">The first panel.</param>
    /// <param name="to">The one after the last.</param>
    public static void Run<T, TEpilogue>(byte* x, nint xStride, int rows, Panels<T> weights, byte* y, int from, int to, TEpilogue epilogue) where T : unmanaged where TEpilogue : struct, IEpilogue
    {
        TileKernel kernel = weights.Kernel;
        int columns = kernel.Columns, stepBytes = kernel.Step * kernel.InputBytes, depth = SliceBytes / kernel.PanelBytes;
        int blocks = Blocks(rows, (long)Math.Min(depth, weights.Steps) * stepBytes), block = (rows + blocks * TileKernel.Rows - 1) / (blocks * TileKernel.Rows) * TileKernel.Rows;
        nint yStride = (nint)weights.Outputs * SumBytes;
        byte* partial = stackalloc byte[TileKernel.Rows * columns * SumBytes];   // the tile of a panel that is not full
        for (int row = 0; row < rows; row += block)
        for (int step = 0; step < weights.Steps; step += depth)
        {
            int end = Math.Min(rows, row + block), steps = Math.Min(depth, weights.Steps - step);
            bool first = step == 0, last = step + steps == weights.Steps;
            for (int panel = from; panel < to; panel++)
            {
                int column = panel * columns, count = Math.Min(columns, weights.Outputs - column);
                for (int m = row; m < end; m += TileKernel.Rows)
                {
                    int height = Math.Min(TileKernel.Rows, end - m);
                    byte* input = x + m * xStride + (nint)step * stepBytes, output = y + m * yStride + (nint)column * SumBytes;
                    if (count == columns)
                    {
                        kernel.Run(input, xStride, height, weights.At(panel, step), steps, output, yStride, first);
                    }
                    else
                    {
                        if (!first) Copy(output, yStride, partial, columns * SumBytes, height, count);
                        kernel.Run(input, xStride, height, weights.At(panel, step), steps, partial, columns * SumBytes, first);
                        Copy(partial, columns * SumBytes, output, yStride, height, count);
                    }
                    if (last)
                        for (int i = 0; i < height; i++) epilogue.Apply(output + i * yStride, m + i, column, count);
                }
            }
        }
    }

    /// <summary>How many blocks of rows there are: as few as fit the second cache, and all of one height.</summary>
    private static int Blocks(int rows, long bytes) => (int)((rows * bytes + RowsBytes - 1) / RowsBytes);

    private static void Copy(byte* from, nint fromStride, byte* to, nint toStride, int rows, int count)
    {
        for (int i = 0; i < rows; i++) Buffer.MemoryCopy(from + i * fromStride, to + i * toStride, count * SumBytes, count * SumBytes);
    }
}
