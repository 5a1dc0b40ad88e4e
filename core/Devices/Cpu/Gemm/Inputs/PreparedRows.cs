namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>X [M][K] as a kernel reads it, made row by row of floats; the workers share the rows. What lies beyond K is 0.</summary>
internal abstract unsafe class PreparedRows : Step
{
    private const int Line = 64;
    private readonly Buffer64<byte> _rows;
    private float* _x;
    private int _count;

    /// <param name="inputs">K.</param>
    /// <param name="bytes">Of a row.</param>
    /// <param name="capacity">The most rows.</param>
    protected PreparedRows(int inputs, int bytes, int capacity)
    {
        (Inputs, Capacity) = (inputs, capacity);
        Stride = (bytes + Line - 1) / Line * Line;
        if (Stride / Line % 2 == 0) Stride += Line;   // an odd number of lines: rows of a tile lie in different sets of the first cache
        _rows = new Buffer64<byte>(checked(capacity * Stride));
    }

    /// <summary>K.</summary>
    public int Inputs { get; }

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Bytes from row to row.</summary>
    public int Stride { get; }

    /// <summary>Valid as long as this object is referenced.</summary>
    public byte* Rows => _rows.Pointer;

    /// <summary>The workers share the rows.</summary>
    /// <exception cref="ArgumentException">More rows than fit.</exception>
    public void Take(float* x, int rows, Workers workers)
    {
        Fit(rows);
        _x = x;
        _count = rows;
        workers.Run(this);
    }

    /// <exception cref="ArgumentException">More rows than fit.</exception>
    public void Fit(int rows)
    {
        if (rows > Capacity) throw new ArgumentException($"expected at most {Capacity} rows, got {rows}");
    }

    /// <summary>Some rows, by the caller alone.</summary>
    public void Take(float* x, (int From, int To) rows)
    {
        for (int row = rows.From; row < rows.To; row++) Prepare(row, x + (nint)row * Inputs, Rows + (nint)row * Stride);
    }

    protected internal sealed override void Part(int part, int parts) => Take(_x, Share(_count, part, parts));

    /// <param name="x">[K].</param>
    /// <param name="to">What becomes of it.</param>
    protected abstract void Prepare(int row, float* x, byte* to);
}
