using System.Numerics;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>
/// One element-wise function over rows of one width. What else a function needs is of this object: the other summand of an addition, [rows][columns]; the factors of a scaling, the gains
/// of a norm and the biases of a layer norm, each [columns].
/// </summary>
internal sealed unsafe class FunctionStep : Step
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

    protected internal override void Part(int part, int parts)
    {
        switch (_function)
        {
            case Function.Add: Flat<Add>(part, parts); break;
            case Function.Gelu: Each<Gelu>(part, parts); break;
            case Function.Silu: Each<Silu>(part, parts); break;
            case Function.Relu: Each<Relu>(part, parts); break;
            case Function.Sigmoid: Each<Sigmoid>(part, parts); break;
            case Function.Tanh: Each<Tanh>(part, parts); break;
            case Function.Sign: Each<Sign>(part, parts); break;
            default: ByRow(part, parts); break;
        }
    }

    // Elements are shared in whole vectors, so that one row is shared, too.
    private (int From, int Count) Elements(int part, int parts)
    {
        int all = _rows * _columns;
        (int from, int to) = Share((all + Vector<float>.Count - 1) / Vector<float>.Count, part, parts);
        return (from * Vector<float>.Count, Math.Min(all, to * Vector<float>.Count) - from * Vector<float>.Count);
    }

    private void Each<T>(int part, int parts) where T : struct, IMap
    {
        (int from, int count) = Elements(part, parts);
        Map.Run<T>(_x + from, _y + from, count);
    }

    private void Flat<T>(int part, int parts) where T : struct, IPair
    {
        (int from, int count) = Elements(part, parts);
        Map.Run<T>(_x + from, _other.Pointer + from, _y + from, count);
    }

    private void ByRow(int part, int parts)
    {
        (int from, int to) = Share(_rows, part, parts);
        for (int row = from; row < to; row++)
        {
            float* x = _x + (nint)row * _columns, y = _y + (nint)row * _columns;
            switch (_function)
            {
                case Function.Scale: Map.Run<Scale>(x, _other.Pointer, y, _columns); break;
                case Function.LayerNorm: Rows.LayerNorm(x, _other.Pointer, _bias.Pointer, y, _columns); break;
                case Function.RmsNorm: Rows.RmsNorm(x, _other.Pointer, y, _columns); break;
                case Function.Softmax: Rows.Softmax(x, y, _columns); break;
                default: throw new InvalidOperationException($"no kernel for {_function}");
            }
        }
    }
}
