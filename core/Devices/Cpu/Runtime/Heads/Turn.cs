using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>Columns [columns][rows] of rows [rows][columns], in squares of four.</summary>
internal static unsafe class Turn
{
    private const int Side = 4;

    public static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        int r = 0;
        for (; r <= rows - Side; r += Side)
        {
            int c = 0;
            for (; c <= columns - Side; c += Side) Square(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
            for (; c < columns; c++)
                for (int i = r; i < r + Side; i++) to[c * toStride + i] = from[i * fromStride + c];
        }
        for (; r < rows; r++)
            for (int c = 0; c < columns; c++) to[c * toStride + r] = from[r * fromStride + c];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride), c = Vector128.Load(from + 2 * fromStride), d = Vector128.Load(from + 3 * fromStride);
        (Vector128<float> ac, Vector128<float> acHigh, Vector128<float> bd, Vector128<float> bdHigh) = (Low(a, c), High(a, c), Low(b, d), High(b, d));
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toStride);
        Low(acHigh, bdHigh).Store(to + 2 * toStride);
        High(acHigh, bdHigh).Store(to + 3 * toStride);
    }

    // The low halves of two vectors, element by element in turn.
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
