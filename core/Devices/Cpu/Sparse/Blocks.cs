namespace Hone.Devices.Cpu.Sparse;

/// <summary>
/// Weights in dense rectangles (BCRC, whole rows and panels): [rectangles][tiles of rows][columns][rows of the tile], the last tile of each padded with zeros. Of whole rows a row lies in
/// one rectangle alone; <c>_rows</c>, <c>_rowStarts</c>, <c>_columnStarts</c> and <c>_columns</c> are what GRIM's format calls reorder, occurrence, column_stride and compact_column.
/// </summary>
internal sealed unsafe class Blocks : SparseWeights
{
    private readonly int _height, _tileRows;
    private readonly int[] _rowStarts, _columnStarts, _weightStarts;
    private readonly Buffer64<int> _rows;
    private readonly Buffer64<ushort> _columns;
    private readonly Buffer64<float> _weights;

    /// <param name="weights">[M][K], row-major; what is not kept counts as zero.</param>
    /// <param name="rectangles">They cover every kept weight once.</param>
    /// <param name="height">Rows of a row of blocks, whose rectangles stand together; 0 when every row stands in one rectangle alone.</param>
    /// <param name="tileRows">Rows of a tile.</param>
    public Blocks(ReadOnlySpan<float> weights, Mask mask, List<Rectangle> rectangles, int height, int tileRows) : base(mask, Work(rectangles, mask.Outputs, height))
    {
        (_height, _tileRows) = (height, tileRows);
        _rowStarts = Starts(rectangles, r => r.Rows.Length);
        _columnStarts = Starts(rectangles, r => r.Columns.Length);
        _weightStarts = Starts(rectangles, r => (r.Rows.Length + tileRows - 1) / tileRows * tileRows * r.Columns.Length);
        (_rows, _columns, _weights) = (new Buffer64<int>(_rowStarts[^1]), new Buffer64<ushort>(_columnStarts[^1]), new Buffer64<float>(_weightStarts[^1]));
        rectangles.SelectMany(r => r.Rows).ToArray().CopyTo(_rows.Span);
        rectangles.SelectMany(r => r.Columns).ToArray().CopyTo(_columns.Span);
        for (int b = 0; b < rectangles.Count; b++)
        for (int i = 0; i < rectangles[b].Rows.Length; i++)
        for (int c = 0; c < rectangles[b].Columns.Length; c++)
        {
            int at = rectangles[b].Rows[i] * Inputs + rectangles[b].Columns[c];
            if (mask.Kept[at]) _weights.Span[At(b, i, c)] = weights[at];
        }
    }

    public override int IndexEntries => _rows.Count + _columns.Count;

    public override long Bytes => (long)_weights.Count * sizeof(float) + (long)_columns.Count * sizeof(ushort) + (long)(_rows.Count + _rowStarts.Length + _columnStarts.Length + _weightStarts.Length) * sizeof(int);

    private int Count => _rowStarts.Length - 1;

    public override float[] Unpack()
    {
        float[] dense = new float[Outputs * Inputs];
        for (int b = 0; b < Count; b++)
        for (int i = 0; i < _rowStarts[b + 1] - _rowStarts[b]; i++)
        for (int c = 0; c < _columnStarts[b + 1] - _columnStarts[b]; c++)
            dense[_rows.Pointer[_rowStarts[b] + i] * Inputs + _columns.Span[_columnStarts[b] + c]] = _weights.Span[At(b, i, c)];
        return dense;
    }

    internal override void Multiply(SparseKernel kernel, SparseCall call, int part, int parts)
    {
        (int from, int to) = Share(part, parts);
        int begun = from;
        for (int b = First(from); b < Count && Start(b) < to; b++)
        {
            for (int end = Math.Min(to, End(b)); begun < end; begun++) call.Begin(Row(begun));
            (int low, int high) = Mine(b, from, to);
            int count = _columnStarts[b + 1] - _columnStarts[b];
            int* rows = _rows.Pointer + _rowStarts[b];
            float* weights = _weights.Pointer + _weightStarts[b];
            for (int n = 0; n < call.Columns; n += kernel.Columns)
            {
                int width = Math.Min(kernel.Columns, call.Columns - n);
                delegate*<TileCall*, void>[] tiles = kernel.Blocks(width);
                var tile = new TileCall
                {
                    Listed = _columns.Pointer + _columnStarts[b], Count = count, X = call.X + n, XStride = call.XStride, Y = call.Y + n, YStride = call.YStride, Last = width % kernel.Lanes,
                };
                for (int at = low; at < high;)
                {
                    int first = at % SparseKernel.Rows, height = Math.Min(SparseKernel.Rows - first, high - at);   // a part may begin and end within a tile
                    tile.Tiles = height == SparseKernel.Rows ? (high - at) / height : 1;
                    tile.Weights = weights + (nint)(at - first) * count + first;
                    tile.Rows = rows + at;
                    at += tile.Tiles * height;
                    tiles[height - 1](&tile);
                }
            }
        }
        for (; begun < to; begun++) call.Begin(Row(begun));
    }

    internal override void MultiplyVector(SparseKernel kernel, SparseCall call, int part, int parts)
    {
        (int from, int to) = Share(part, parts);
        if (_height > 0) new ReadOnlySpan<float>(call.Bias + from, to - from).CopyTo(new Span<float>(call.Y + from, to - from));
        else
            for (int unit = from; unit < to; unit++) call.Y[_rows.Pointer[unit]] = call.Bias[_rows.Pointer[unit]];
        for (int b = First(from); b < Count && Start(b) < to; b++)
        {
            (int low, int high) = Mine(b, from, to);
            kernel.Vector(_columns.Pointer + _columnStarts[b], _columnStarts[b + 1] - _columnStarts[b], _weights.Pointer + _weightStarts[b], _rows.Pointer + _rowStarts[b], low, high, call.X, call.Y);
        }
    }

    private static int[] Work(List<Rectangle> rectangles, int outputs, int height)
    {
        int[] work = new int[outputs];
        int unit = 0;
        foreach (Rectangle rectangle in rectangles)
        foreach (int row in rectangle.Rows) work[height == 0 ? unit++ : row] += rectangle.Columns.Length;
        return work;
    }

    private static int[] Starts(List<Rectangle> rectangles, Func<Rectangle, int> size)
    {
        int[] starts = new int[rectangles.Count + 1];
        for (int b = 0; b < rectangles.Count; b++) starts[b + 1] = checked(starts[b] + size(rectangles[b]));
        return starts;
    }

    private int At(int rectangle, int row, int column) =>
        _weightStarts[rectangle] + (row / _tileRows * (_columnStarts[rectangle + 1] - _columnStarts[rectangle]) + column) * _tileRows + row % _tileRows;

    // A unit of work is a row of Y, or the place of one among the rows where each stands in one rectangle alone.
    private int Unit(int place) => _height == 0 ? place : _rows.Pointer[place];

    private int Row(int unit) => _height == 0 ? _rows.Pointer[unit] : unit;

    private int Start(int rectangle) => _height == 0 ? _rowStarts[rectangle] : _rows.Pointer[_rowStarts[rectangle]] / _height * _height;

    private int End(int rectangle) => _height == 0 ? _rowStarts[rectangle + 1] : Start(rectangle) + _height;

    /// <summary>The first rectangle that may have units from here on.</summary>
    private int First(int unit)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (End(middle) > unit) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Of a rectangle's rows those whose units are this part's.</summary>
    private (int Low, int High) Mine(int rectangle, int from, int to)
    {
        int start = _rowStarts[rectangle], end = _rowStarts[rectangle + 1];
        return ((Unit(start) >= from ? start : Place(start, end, from)) - start, (Unit(end - 1) < to ? end : Place(start, end, to)) - start);
    }

    /// <summary>The first place whose unit is this one or a later one.</summary>
    private int Place(int low, int high, int unit)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Unit(middle) >= unit) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
