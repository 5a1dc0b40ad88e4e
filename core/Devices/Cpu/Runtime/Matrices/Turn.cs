using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>A matrix turned, [rows][columns] to [columns][rows]; the workers share its longer side.</summary>
internal sealed unsafe class Turn : Step
{
    private const int Side = 4, Line = 16;
    private float* _from, _to;
    private nint _fromStride, _toStride;
    private int _rows, _columns;

    /// <param name="fromStride">Floats from a row to the next.</param>
    public void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride, Workers workers)
    {
        (_fromStride, _toStride, _rows, _columns) = (fromStride, toStride, rows, columns);
        _from = from;
        _to = to;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        bool tall = _rows > _columns;
        (int from, int to) = Share((Math.Max(_rows, _columns) + Line - 1) / Line, part, parts);
        int top = tall ? from * Line : 0, bottom = tall ? Math.Min(_rows, to * Line) : _rows, left = tall ? 0 : from * Line, right = tall ? _columns : Math.Min(_columns, to * Line);
        for (int r = top; r < bottom; r += Line)
        for (int c = left; c < right; c += Line) Square(r, Math.Min(bottom, r + Line), c, Math.Min(right, c + Line));
    }

    // Whole lines of the side whose rows are further apart: those share few sets of the first cache.
    private void Square(int top, int bottom, int left, int right)
    {
        if (_fromStride > _toStride)
        {
            for (int r = top; r < bottom; r += Side)
            for (int c = left; c < right; c += Side) Tile(r, Math.Min(Side, bottom - r), c, Math.Min(Side, right - c));
            return;
        }
        for (int c = left; c < right; c += Side)
        for (int r = top; r < bottom; r += Side) Tile(r, Math.Min(Side, bottom - r), c, Math.Min(Side, right - c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tile(int row, int rows, int column, int columns)
    {
        float* from = _from + row * _fromStride + column, to = _to + column * _toStride + row;
        if (rows == Side && columns == Side && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + _fromStride), c = Vector128.Load(from + 2 * _fromStride), d = Vector128.Load(from + 3 * _fromStride);
            Vector128<double> ab = Low(a, b).AsDouble(), cd = Low(c, d).AsDouble();
            Low(ab, cd).AsSingle().Store(to);
            High(ab, cd).AsSingle().Store(to + _toStride);
            (ab, cd) = (High(a, b).AsDouble(), High(c, d).AsDouble());
            Low(ab, cd).AsSingle().Store(to + 2 * _toStride);
            High(ab, cd).AsSingle().Store(to + 3 * _toStride);
            return;
        }
        for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++) to[c * _toStride + r] = from[r * _fromStride + c];
    }

    // The lower halves of two vectors, their elements in turns.
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
