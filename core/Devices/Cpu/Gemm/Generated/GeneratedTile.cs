namespace Hone.Devices.Cpu.Gemm.Generated;

/// <summary>A tile whose code <see cref="TileEmitter"/> writes, a piece for each number of rows, when one is called for the first time.</summary>
internal sealed unsafe class GeneratedTile(TileFormat format) : TileKernel(format.Set)
{
    private readonly nint[] _entries = new nint[format.Rows + 1];   // by rows; the first is that of one row and several panels

    public override bool Generated => true;

    public override int Rows => format.Rows;

    public override int Columns => TileFormat.Vectors * TileFormat.Lanes;

    public override int Step => format.Elements;

    public override int InputBytes => format.InputBytes;

    public override int PanelBytes => TileFormat.PanelBytes;

    // Its loads are so few beside what it computes that a slice may lie in the second cache, of which processors with AVX-512 have a megabyte.
    public override int SliceBytes => 96 << 10;

    public override int RowsBytes => 480 << 10;

    public override int RowPanels => TileFormat.RowPanels;

    public override void Run(TileCall* call, int rows)
    {
        int at = call->Panels == RowPanels ? 0 : rows;
        nint entry = _entries[at];
        if (entry == 0) entry = Make(at);
        call->Mask = uint.MaxValue >> Math.Max(0, Columns - call->Columns);
        ((delegate* unmanaged[SuppressGCTransition]<TileCall*, void>)entry)(call);   // a microsecond: a transition would be felt
    }

    private nint Make(int at)
    {
        lock (_entries)
        {
            if (_entries[at] == 0) Volatile.Write(ref _entries[at], CodeMemory.Place(at == 0 ? TileEmitter.Emit(format, 1, RowPanels) : TileEmitter.Emit(format, at)));
            return _entries[at];
        }
    }
}
