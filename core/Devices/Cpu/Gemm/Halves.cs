using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Gemm.Generated;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>A panel of two weights to a byte made one of a weight to a byte, once for all rows that it is multiplied with.</summary>
internal static unsafe class Halves
{
    /// <param name="panel">[steps][2 vectors]: low halves are the first four of a step's eight inputs.</param>
    /// <param name="to">[2 steps][2 vectors].</param>
    /// <param name="bytes">Of the panel.</param>
    public static void Unpack(byte* panel, byte* to, int bytes)
    {
        var low = Vector512.Create((byte)0x0F);
        for (int i = 0; i < bytes; i += TileFormat.PanelBytes)
        {
            Vector512<byte> a = Vector512.Load(panel + i), b = Vector512.Load(panel + i + sizeof(Vector512<byte>));
            byte* at = to + 2 * i;
            (a & low).Store(at);
            (b & low).Store(at + sizeof(Vector512<byte>));
            ((a.AsUInt16() >> 4).AsByte() & low).Store(at + TileFormat.PanelBytes);
            ((b.AsUInt16() >> 4).AsByte() & low).Store(at + TileFormat.PanelBytes + sizeof(Vector512<byte>));
        }
    }
}
