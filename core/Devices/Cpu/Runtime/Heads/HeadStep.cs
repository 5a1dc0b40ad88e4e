using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>softmax(q k^T / sqrt(width)) v with the tiles of products, a block of queries of a head at a time; the workers share the blocks. Panels of keys that no query of a block sees are not multiplied.</summary>
internal abstract unsafe class HeadStep(AttentionShape shape, TileKernel tile) : Step
{
    private const int Tiles = 2;   // of a block: its scores stay in the first cache for some hundreds of keys

    protected AttentionShape Shape => shape;

    protected TileKernel Tile => tile;

    /// <summary>The most queries of a block.</summary>
    protected int Rows => Tiles * tile.Rows;

    /// <summary>Valid while it runs.</summary>
    protected float* X { get; private set; }

    /// <summary>Valid while it runs.</summary>
    protected float* Y { get; private set; }

    public void Run(float* x, float* y, Workers workers)
    {
        X = x;
        Y = y;
        Remember(x, workers);
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        int blocks = (shape.Queries + Rows - 1) / Rows;
        (int from, int to) = Share(shape.Batch * shape.Heads * blocks, part, parts);
        for (int i = from; i < to; i++)
        {
            int head = i / blocks;
            (int query, int end) = Share(shape.Queries, i % blocks, blocks);
            Block(part, head / shape.Heads, head % shape.Heads, query, end - query);
        }
    }

    /// <summary>Takes keys and values from X.</summary>
    protected abstract void Remember(float* x, Workers workers);

    /// <summary>Some queries of a head, at most <see cref="Rows"/>.</summary>
    protected abstract void Block(int part, int batch, int head, int query, int rows);

    /// <summary>The first key of a block, at the beginning of a panel, and the one after its last.</summary>
    protected (int First, int Last) Seen(int query, int rows) => (shape.Seen(query).From / tile.Columns * tile.Columns, shape.Seen(query + rows - 1).To);

    /// <summary>The largest of the scores that a query sees of a block's, from the first on; the others become those of weight 0.</summary>
    protected float Top(float* scores, int query, int first, int count)
    {
        (int from, int to) = (shape.Seen(query).From - first, shape.Seen(query).To - first);
        new Span<float>(scores, from).Fill(float.NegativeInfinity);
        new Span<float>(scores + to, count - to).Fill(float.NegativeInfinity);
        return Functions.Rows.Top(scores, count);
    }

    /// <summary>Y = X panel for all rows of a block.</summary>
    /// <param name="call">Its strides, steps and columns, and of codes the scales of rows and outputs.</param>
    protected void Product(TileCall call, void* x, void* panel, void* y, int rows)
    {
        int tiles = (rows + tile.Rows - 1) / tile.Rows;
        float* scales = call.RowScales;
        int* offsets = call.RowOffsets;
        call.Panel = (byte*)panel;
        call.First = 1;
        for (int i = 0; i < tiles; i++)
        {
            (int from, int to) = Share(rows, i, tiles);
            call.X = (byte*)x + from * call.XStride;
            call.Y = (byte*)y + from * call.YStride;
            call.RowScales = scales == null ? null : scales + from;
            call.RowOffsets = offsets + from;
            tile.Run(&call, to - from);
        }
    }
}
