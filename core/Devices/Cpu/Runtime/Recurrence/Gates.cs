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
        for (int vector = from; vector < to; vector++)
        {
            int column = vector * Vector<float>.Count;
            if (column + Vector<float>.Count <= hidden) One<Whole>(row, column);
            else One<Partial>(row, column);
        }
    }

    private void One<TLanes>(int row, int column) where TLanes : struct, ILanes
    {
        nint products = (nint)row * Count(cell) * hidden + column, at = (nint)row * hidden + column;
        if (cell == Cell.Lstm) Lstm<TLanes>(_gx + products, _gh + products, _c.Pointer + at, _after + at, hidden - column);
        else Gru<TLanes>(_gx + products, _gh + products, _before + at, _after + at, hidden - column);
    }

    private void Gru<TLanes>(float* gx, float* gh, float* before, float* after, int left) where TLanes : struct, ILanes
    {
        Vector<float> reset = Sigmoid.Of(Sum<TLanes>(gx, gh, 0, left)), update = Sigmoid.Of(Sum<TLanes>(gx, gh, 1, left));
        Vector<float> fresh = Tanh.Of(Vector.FusedMultiplyAdd(reset, TLanes.Load(gh + 2 * hidden, left), TLanes.Load(gx + 2 * hidden, left)));
        TLanes.Store(Vector.FusedMultiplyAdd(update, TLanes.Load(before, left) - fresh, fresh), after, left);
    }

    private void Lstm<TLanes>(float* gx, float* gh, float* c, float* after, int left) where TLanes : struct, ILanes
    {
        Vector<float> input = Sigmoid.Of(Sum<TLanes>(gx, gh, 0, left)), forget = Sigmoid.Of(Sum<TLanes>(gx, gh, 1, left));
        Vector<float> fresh = Tanh.Of(Sum<TLanes>(gx, gh, 2, left)), output = Sigmoid.Of(Sum<TLanes>(gx, gh, 3, left));
        Vector<float> next = Vector.FusedMultiplyAdd(forget, TLanes.Load(c, left), input * fresh);
        TLanes.Store(next, c, left);
        TLanes.Store(output * Tanh.Of(next), after, left);
    }

    private Vector<float> Sum<TLanes>(float* gx, float* gh, int gate, int left) where TLanes : struct, ILanes => TLanes.Load(gx + gate * hidden, left) + TLanes.Load(gh + gate * hidden, left);
}
