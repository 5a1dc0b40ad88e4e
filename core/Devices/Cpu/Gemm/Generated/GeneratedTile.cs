namespace Hone.Devices.Cpu.Gemm.Generated;

/// <summary>A tile whose code <see cref="TileEmitter"/> writes, a piece for each number of rows, when one is called for the first time.</summary>
internal sealed unsafe class GeneratedTile(TileFormat format) : TileKernel(format.Set)
{
    private readonly nint[] _entries = new nint[format.Rows];

    public override bool Generated => true;

    public override int Rows => format.Rows;

    public override int Columns => TileFormat.Vectors * TileFormat.Lanes;

    public override int Step => format.Elements;

    public override int InputBytes => format.InputBytes;

    public override int PanelBytes => TileFormat.PanelBytes;

    // Its loads are so few beside what it computes that a slice may lie in the second cache, of which processors with AVX-512 have a megabyte.
    public override int SliceBytes => 96 << 10;

    public override int RowsBytes => 480 << 10;

    public override void Run(TileCall* call, int rows)
    {
        nint entry = _entries[rows - 1];
        if (entry == 0) entry = Make(rows);
        call->Mask = uint.MaxValue >> (Columns - call->Columns);
        ((delegate* unmanaged[SuppressGCTransition]<TileCall*, void>)entry)(call);   // a microsecond: a transition would be felt
    }

    private nint Make(int rows)
    {
        lock (_entries)
        {
            if (_entries[rows - 1] == 0) Volatile.Write(ref _entries[rows - 1], CodeMemory.Place(TileEmitter.Emit(format, rows)));
            return _entries[rows - 1];
        }
    }
}
