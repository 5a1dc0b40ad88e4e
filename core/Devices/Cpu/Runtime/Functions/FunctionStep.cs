using System.Numerics;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>
/// One element-wise function over rows of one width. What else a function needs is of this object: the other summand of an addition, [rows][columns]; the factors of a scaling, the gains
/// of a norm and the biases of a layer norm, each [columns].
/// </summary>
internal sealed unsafe class FunctionStep : Step, IAfter
{
    private readonly Function _function;
    private readonly int _columns;
    private readonly Buffer64<float> _other, _bias;
    private float* _x, _y;
    private int _rows;

    /// <param name="other">The other operand; empty where the function has none.</param>
    /// <param name="bias">[columns] for a layer norm, else empty.</param>
    public FunctionStep(Function function, int columns, ReadOnlySpan<float> other, ReadOnlySpan<float> bias)
    {
        (_function, _columns, _other, _bias) = (function, columns, new Buffer64<float>(other.Length), new Buffer64<float>(bias.Length));
        other.CopyTo(_other.Span);
        bias.CopyTo(_bias.Span);
    }

    /// <summary>Draws what the function needs besides X: summands in [-1, 1], factors and gains in [0.9, 1.1], biases in [-0.1, 0.1].</summary>
    public static FunctionStep Drawn(Function function, int rows, int columns, Draws draws)
    {
        float[] other = function switch
        {
            Function.Add => draws.Floats(checked(rows * columns), 1),
            Function.Scale or Function.LayerNorm or Function.RmsNorm => draws.Floats(columns, 0.1f, centre: 1),
            _ => [],
        };
        return new FunctionStep(function, columns, other, function == Function.LayerNorm ? draws.Floats(columns, 0.1f) : []);
    }

    /// <summary>Y may be X.</summary>
    public void Run(float* x, float* y, int rows, Workers workers)
    {
        _x = x;
        _y = y;
        _rows = rows;
        workers.Run(this);
    }

    /// <summary>Some rows of Y in their place, by the caller alone.</summary>
    public void Rows(float* y, int from, int to)
    {
        if (OfElements) Elements(y, y, from * _columns, (to - from) * _columns);
        else ByRow(y, y, from, to);
    }

    protected internal override void Part(int part, int parts)
    {
        if (!OfElements)
        {
            (int first, int end) = Share(_rows, part, parts);
            ByRow(_x, _y, first, end);
            return;
        }
        // In whole vectors, so that one row is shared, too.
        int all = _rows * _columns;
        (int from, int to) = Share((all + Vector<float>.Count - 1) / Vector<float>.Count, part, parts);
        Elements(_x, _y, from * Vector<float>.Count, Math.Min(all, to * Vector<float>.Count) - from * Vector<float>.Count);
    }

    private bool OfElements => _function is not (Function.Scale or Function.LayerNorm or Function.RmsNorm or Function.Softmax);

    private void Elements(float* x, float* y, int from, int count)
    {
        x += from;
        y += from;
        switch (_function)
        {
            case Function.Add: Map.Run<Add>(x, _other.Pointer + from, y, count); break;
            case Function.Gelu: Map.Run<Gelu>(x, y, count); break;
            case Function.Silu: Map.Run<Silu>(x, y, count); break;
            case Function.Relu: Map.Run<Relu>(x, y, count); break;
            case Function.Sigmoid: Map.Run<Sigmoid>(x, y, count); break;
            case Function.Tanh: Map.Run<Tanh>(x, y, count); break;
            case Function.Sign: Map.Run<Sign>(x, y, count); break;
            default: throw new InvalidOperationException($"no kernel for {_function}");
        }
    }

    private void ByRow(float* all, float* results, int from, int to)
    {
        for (int row = from; row < to; row++)
        {
            float* x = all + (nint)row * _columns, y = results + (nint)row * _columns;
            switch (_function)
            {
                case Function.Scale: Map.Run<Scale>(x, _other.Pointer, y, _columns); break;
                case Function.LayerNorm: Functions.Rows.LayerNorm(x, _other.Pointer, _bias.Pointer, y, _columns); break;
                case Function.RmsNorm: Functions.Rows.RmsNorm(x, _other.Pointer, y, _columns); break;
                case Function.Softmax: Functions.Rows.Softmax(x, y, _columns); break;
                default: throw new InvalidOperationException($"no kernel for {_function}");
            }
        }
    }
}
