namespace Hone.Devices.Cpu.Gemm;

/// <summary>X [M][K] with rows a cache line further apart, for rows whose distance would have them share sets of the first cache.</summary>
internal sealed unsafe class SpreadRows(int inputs, int capacity) : Step
{
    private const int Line = 64;
    private readonly Buffer64<float> _rows = new(checked(capacity * (inputs + Line / sizeof(float))));
    private float* _x;
    private int _count;

    /// <summary>The most rows.</summary>
    public int Capacity => capacity;

    /// <summary>Bytes from row to row.</summary>
    public nint Stride => (nint)inputs * sizeof(float) + Line;

    /// <summary>Valid as long as this object is referenced.</summary>
    public float* Rows => _rows.Pointer;

    /// <summary>The workers share the rows.</summary>
    public void Take(float* x, int rows, Workers workers)
    {
        _x = x;
        _count = rows;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_count, part, parts);
        nint bytes = (nint)inputs * sizeof(float);
        for (int row = from; row < to; row++) Buffer.MemoryCopy((byte*)_x + row * bytes, (byte*)Rows + row * Stride, bytes, bytes);
    }
}
