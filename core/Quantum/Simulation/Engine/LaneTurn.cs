using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// A turn of a qubit whose number is a bit of the lanes': each lane's share of itself and of its partner. Lanes whose bit is 0 hold p0 and
/// get a p0 + b p1, the others hold p1 and get a* p1 - b* p0.
/// </summary>
internal readonly struct LaneTurn<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TVector _selfRe, _selfIm, _otherRe, _otherIm;
    private readonly int _mask;

    /// <param name="control">A lane qubit that must be 1; -1: none.</param>
    public LaneTurn(Su2 turn, int qubit, int control)
    {
        TVector zero = TLanes.Spread(T.Zero), ones = TLanes.LaneMask(qubit);
        TVector Signed(double zeros, double theirs) => TLanes.Select(ones, TLanes.Spread(T.CreateChecked(theirs)), TLanes.Spread(T.CreateChecked(zeros)));
        (_selfRe, _selfIm, _otherRe, _otherIm) = (TLanes.Spread(T.CreateChecked(turn.Ar)), Signed(turn.Ai, -turn.Ai), Signed(turn.Br, -turn.Br), TLanes.Spread(T.CreateChecked(turn.Bi)));
        _mask = 1 << qubit;
        if (control < 0) return;
        TVector acts = TLanes.LaneMask(control);
        _selfRe = TLanes.Select(acts, _selfRe, TLanes.Spread(T.One));
        (_selfIm, _otherRe, _otherIm) = (TLanes.Select(acts, _selfIm, zero), TLanes.Select(acts, _otherRe, zero), TLanes.Select(acts, _otherIm, zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref TVector re, ref TVector im)
    {
        TVector pr = TLanes.Exchange(re, _mask), pi = TLanes.Exchange(im, _mask);
        TVector r = TLanes.NegatedMultiplyAdd(_otherIm, pi, TLanes.MultiplyAdd(_otherRe, pr, TLanes.NegatedMultiplyAdd(_selfIm, im, TLanes.Multiply(_selfRe, re))));
        im = TLanes.MultiplyAdd(_otherIm, pr, TLanes.MultiplyAdd(_otherRe, pi, TLanes.MultiplyAdd(_selfIm, re, TLanes.Multiply(_selfRe, im))));
        re = r;
    }
}
