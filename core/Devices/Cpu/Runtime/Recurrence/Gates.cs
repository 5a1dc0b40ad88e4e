using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Recurrence;

/// <summary>
/// What is done to the products of one step: gx [batch][gates H] of the inputs and gh [batch][gates H] of the state become the next state [batch][H]. Gates lie as in PyTorch: a GRU's are
/// r, z, n with n = tanh(gx + r gh) and h' = (1 - z) n + z h; an LSTM's i, f, g, o with c' = f c + i g and h' = o tanh(c'). The workers share the columns of H.
/// </summary>
internal sealed unsafe class Gates(Cell cell, int batch, int hidden) : Step
{
    private readonly Buffer64<float> _c = new(cell == Cell.Lstm ? batch * hidden : 0);
    private float* _gx, _gh, _before, _after;

    /// <summary>Gates of a cell.</summary>
    public static int Count(Cell cell) => cell == Cell.Lstm ? 4 : 3;

    /// <summary>Before a sequence.</summary>
    public void Clear() => _c.Span.Clear();

    /// <param name="before">h, [batch][H].</param>
    /// <param name="after">h', [batch][H].</param>
    public void Run(float* gx, float* gh, float* before, float* after, Workers workers)
    {
        _gx = gx;
        _gh = gh;
        _before = before;
        _after = after;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share((hidden + Vector<float>.Count - 1) / Vector<float>.Count, part, parts);
        for (int row = 0; row < batch; row++)
        for (int column = from * Vector<float>.Count; column < Math.Min(hidden, to * Vector<float>.Count); column += Vector<float>.Count)
        {
            float* gx = _gx + (nint)row * Count(cell) * hidden + column, gh = _gh + (nint)row * Count(cell) * hidden + column;
            nint at = (nint)row * hidden + column;
            if (cell == Cell.Lstm) Lstm(gx, gh, _c.Pointer + at, _after + at, hidden - column);
            else Gru(gx, gh, _before + at, _after + at, hidden - column);
        }
    }

    private void Gru(float* gx, float* gh, float* before, float* after, int left)
    {
        Vector<float> reset = Sigmoid.Of(Sum(gx, gh, 0, left)), update = Sigmoid.Of(Sum(gx, gh, 1, left));
        Vector<float> fresh = Tanh.Of(Vector.FusedMultiplyAdd(reset, Lanes.Load(gh + 2 * hidden, left), Lanes.Load(gx + 2 * hidden, left)));
        Lanes.Store(Vector.FusedMultiplyAdd(update, Lanes.Load(before, left) - fresh, fresh), after, left);
    }

    private void Lstm(float* gx, float* gh, float* c, float* after, int left)
    {
        Vector<float> input = Sigmoid.Of(Sum(gx, gh, 0, left)), forget = Sigmoid.Of(Sum(gx, gh, 1, left)), fresh = Tanh.Of(Sum(gx, gh, 2, left)), output = Sigmoid.Of(Sum(gx, gh, 3, left));
        Vector<float> next = Vector.FusedMultiplyAdd(forget, Lanes.Load(c, left), input * fresh);
        Lanes.Store(next, c, left);
        Lanes.Store(output * Tanh.Of(next), after, left);
    }

    private Vector<float> Sum(float* gx, float* gh, int gate, int left) => Lanes.Load(gx + gate * hidden, left) + Lanes.Load(gh + gate * hidden, left);
}
