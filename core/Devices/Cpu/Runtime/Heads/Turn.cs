using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>Columns [columns][rows] of rows [rows][columns], in squares of eight where there is AVX, else of four.</summary>
internal static unsafe class Turn
{
    private const int Side = 4;

    public static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        int r = 0;
        for (; Avx.IsSupported && r <= rows - 2 * Side; r += 2 * Side)
        {
            int c = 0;
            for (; c <= columns - 2 * Side; c += 2 * Side) Eight(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
            if (c < columns) Fours(from + r * fromStride + c, fromStride, 2 * Side, columns - c, to + c * toStride + r, toStride);
        }
        Fours(from + r * fromStride, fromStride, rows - r, columns, to + r, toStride);
    }

    private static void Fours(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        int r = 0;
        for (; r <= rows - Side; r += Side)
        {
            int c = 0;
            for (; c <= columns - Side; c += Side) Four(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
            for (; c < columns; c++)
                for (int i = r; i < r + Side; i++) to[c * toStride + i] = from[i * fromStride + c];
        }
        for (; r < rows; r++)
            for (int c = 0; c < columns; c++) to[c * toStride + r] = from[r * fromStride + c];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* from, nint fromStride, float* to, nint toStride)
    {
        const byte lowPairs = 0x44, highPairs = 0xEE, lowHalves = 0x20, highHalves = 0x31;
        Vector256<float> a = Vector256.Load(from), b = Vector256.Load(from + fromStride), c = Vector256.Load(from + 2 * fromStride), d = Vector256.Load(from + 3 * fromStride);
        Vector256<float> e = Vector256.Load(from + 4 * fromStride), f = Vector256.Load(from + 5 * fromStride), g = Vector256.Load(from + 6 * fromStride), h = Vector256.Load(from + 7 * fromStride);
        (Vector256<float> ab, Vector256<float> abHigh, Vector256<float> cd, Vector256<float> cdHigh) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        (Vector256<float> ef, Vector256<float> efHigh, Vector256<float> gh, Vector256<float> ghHigh) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        (a, b, c, d) = (Avx.Shuffle(ab, cd, lowPairs), Avx.Shuffle(ab, cd, highPairs), Avx.Shuffle(abHigh, cdHigh, lowPairs), Avx.Shuffle(abHigh, cdHigh, highPairs));
        (e, f, g, h) = (Avx.Shuffle(ef, gh, lowPairs), Avx.Shuffle(ef, gh, highPairs), Avx.Shuffle(efHigh, ghHigh, lowPairs), Avx.Shuffle(efHigh, ghHigh, highPairs));
        Avx.Permute2x128(a, e, lowHalves).Store(to);
        Avx.Permute2x128(b, f, lowHalves).Store(to + toStride);
        Avx.Permute2x128(c, g, lowHalves).Store(to + 2 * toStride);
        Avx.Permute2x128(d, h, lowHalves).Store(to + 3 * toStride);
        Avx.Permute2x128(a, e, highHalves).Store(to + 4 * toStride);
        Avx.Permute2x128(b, f, highHalves).Store(to + 5 * toStride);
        Avx.Permute2x128(c, g, highHalves).Store(to + 6 * toStride);
        Avx.Permute2x128(d, h, highHalves).Store(to + 7 * toStride);
    }

    private static void Four(float* from, nint fromStride, float* to, nint toStride)
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
