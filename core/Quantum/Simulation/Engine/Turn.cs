using System.Numerics;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>A unitary of one qubit with determinant 1 in every lane: [[a, b], [-b*, a*]].</summary>
internal readonly struct Turn<TLanes, TVector, T>(TVector ar, TVector ai, TVector br, TVector bi)
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly TVector Ar = ar, Ai = ai, Br = br, Bi = bi;

    public static Turn<TLanes, TVector, T> Spread(Su2 turn) => new(TLanes.Spread(T.CreateChecked(turn.Ar)), TLanes.Spread(T.CreateChecked(turn.Ai)), TLanes.Spread(T.CreateChecked(turn.Br)), TLanes.Spread(T.CreateChecked(turn.Bi)));

    /// <summary>exp(-i angle / 2 P), an angle in each lane.</summary>
    public static Turn<TLanes, TVector, T> About(Pauli axis, TVector angle)
    {
        TVector zero = TLanes.Spread(T.Zero);
        (TVector sin, TVector cos) = TLanes.SinCos(TLanes.Multiply(TLanes.Spread(T.CreateChecked(0.5)), angle));
        return axis switch
        {
            Pauli.X => new(cos, zero, zero, TLanes.Negate(sin)),
            Pauli.Y => new(cos, zero, TLanes.Negate(sin), zero),
            _ => new(cos, TLanes.Negate(sin), zero, zero),
        };
    }

    /// <summary>The right one first.</summary>
    public static Turn<TLanes, TVector, T> operator *(Turn<TLanes, TVector, T> l, Turn<TLanes, TVector, T> r) => new(
        Sum(l.Ar, r.Ar, l.Ai, r.Ai, l.Br, r.Br, l.Bi, r.Bi, minus: 0b111), Sum(l.Ar, r.Ai, l.Ai, r.Ar, l.Br, r.Bi, l.Bi, r.Br, minus: 0b100),
        Sum(l.Ar, r.Br, l.Ai, r.Bi, l.Br, r.Ar, l.Bi, r.Ai, minus: 0b001), Sum(l.Ar, r.Bi, l.Ai, r.Br, l.Br, r.Ai, l.Bi, r.Ar, minus: 0b010));

    public Turn<TLanes, TVector, T> Adjoint() => new(Ar, TLanes.Negate(Ai), TLanes.Negate(Br), TLanes.Negate(Bi));

    /// <summary>U P U+ as (x, y, z): where the turn takes an axis.</summary>
    public (TVector X, TVector Y, TVector Z) Image(Pauli axis)
    {
        TVector two = TLanes.Spread(T.CreateChecked(2));
        switch (axis)
        {
            case Pauli.X:
                return (Sum(Ar, Ar, Ai, Ai, Br, Br, Bi, Bi, 0b011), TLanes.Multiply(two, TLanes.Subtract(TLanes.Multiply(Br, Bi), TLanes.Multiply(Ar, Ai))),
                    TLanes.Multiply(two, TLanes.MultiplyAdd(Ar, Br, TLanes.Multiply(Ai, Bi))));
            case Pauli.Y:
                return (TLanes.Multiply(two, TLanes.MultiplyAdd(Ar, Ai, TLanes.Multiply(Br, Bi))), Sum(Ar, Ar, Ai, Ai, Br, Br, Bi, Bi, 0b101),
                    TLanes.Multiply(two, TLanes.Subtract(TLanes.Multiply(Ai, Br), TLanes.Multiply(Ar, Bi))));
            default:
                return (TLanes.Multiply(two, TLanes.Subtract(TLanes.Multiply(Ai, Bi), TLanes.Multiply(Ar, Br))), TLanes.Multiply(two, TLanes.MultiplyAdd(Ar, Bi, TLanes.Multiply(Ai, Br))),
                    Sum(Ar, Ar, Ai, Ai, Br, Br, Bi, Bi, 0b110));
        }
    }

    /// <summary>a b + c d + e f + g h, with a minus before those of the last three that a bit is set for.</summary>
    private static TVector Sum(TVector a, TVector b, TVector c, TVector d, TVector e, TVector f, TVector g, TVector h, int minus)
    {
        TVector sum = TLanes.Multiply(a, b);
        sum = (minus & 1) != 0 ? TLanes.NegatedMultiplyAdd(c, d, sum) : TLanes.MultiplyAdd(c, d, sum);
        sum = (minus & 2) != 0 ? TLanes.NegatedMultiplyAdd(e, f, sum) : TLanes.MultiplyAdd(e, f, sum);
        return (minus & 4) != 0 ? TLanes.NegatedMultiplyAdd(g, h, sum) : TLanes.MultiplyAdd(g, h, sum);
    }
}
