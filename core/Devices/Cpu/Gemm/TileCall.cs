using System.Runtime.InteropServices;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>What a tile is called with. Generated code reads it by its fields' places, so they stay in this order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileCall
{
    /// <summary>[rows][steps] as the kernel reads them.</summary>
    public byte* X;

    /// <summary>Bytes from row to row.</summary>
    public nint XStride;

    /// <summary>[steps] of the panel's weights.</summary>
    public byte* Panel;

    public nint Steps;

    /// <summary>Bytes from this panel to the next, where one row meets several.</summary>
    public nint PanelStride;

    /// <summary>[rows][columns] of four bytes: sums, or floats where K is through.</summary>
    public byte* Y;

    /// <summary>Bytes from row to row.</summary>
    public nint YStride;

    /// <summary>[rows]: the scale of each row of X; null for floats.</summary>
    public float* RowScales;

    /// <summary>[rows]: what sums of codes begin with, which takes the weights' offset off; of no meaning for floats.</summary>
    public int* RowOffsets;

    /// <summary>[columns]: the scale of each output; of no meaning for floats.</summary>
    public float* Scales;

    /// <summary>[columns] of each row: what is added when K is through, the bias or what Y holds already.</summary>
    public float* Addend;

    /// <summary>Bytes from row to row of it; 0 when it is the same for all.</summary>
    public nint AddendStride;

    /// <summary>Not 0: this is the first part of K or of a group of inputs, and Y holds no sums yet.</summary>
    public int First;

    /// <summary>Not 0: this is the last part of K or of a group of inputs, and sums become floats in their place.</summary>
    public int Last;

    /// <summary>Panels that one row meets at once: 1, or as many as the kernel takes, all of them full.</summary>
    public int Panels;

    /// <summary>Outputs of these panels that exist.</summary>
    public int Columns;

    /// <summary>A bit for each of them.</summary>
    public uint Mask;
}
