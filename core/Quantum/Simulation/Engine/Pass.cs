using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// A plan run on a group of samples, one in each lane: forth to expectations of Z on every qubit, back to the slopes of a loss by every
/// parameter (adjoint differentiation, Jones and Gacon, arXiv 2009.02823: two states, whatever the depth).
/// </summary>
internal sealed class Pass<TLanes, TVector, T> : IGroup
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Plan _plan;
    private readonly int _inputs, _vectors;
    private readonly AlignedBuffer<T> _psi, _lam, _scratch;      // [V][2][L], [V][2][L], [V][L]
    private readonly TurnTable<TLanes, TVector, T> _turns;
    private readonly T[] _lanes = new T[TLanes.Count];

    public Pass(Plan plan, int inputs)
    {
        (_plan, _inputs, _vectors) = (plan, inputs, 1 << plan.Qubits);
        long length = (long)_vectors * TLanes.Count;
        (_psi, _lam, _scratch) = (new(2 * length), new(2 * length), new(length));
        _turns = new(plan.Steps, plan.Parameters, inputs);
    }

    public void Share(ReadOnlySpan<double> shared) => _turns.Share(shared);

    public void Take(ReadOnlySpan<double> inputs, int samples) => _turns.Take(inputs, samples);

    /// <summary>Runs the plan from |00..0>.</summary>
    public void Forth()
    {
        _psi.Span.Clear();
        TLanes.Store(TLanes.Spread(T.One), ref _psi.Start, 0);
        ref T psi = ref _psi.Start;
        for (int s = 0; s < _plan.Steps.Count; s++)
        {
            Step step = _plan.Steps[s];
            if (step.Kind == StepKind.Turn && s + 1 < _plan.Steps.Count && _plan.Steps[s + 1] is { Kind: StepKind.Turn } next && next.Qubit != step.Qubit)
            {
                Kernels<TLanes, TVector, T>.Turn(ref psi, _vectors, step.Qubit, _turns[s], next.Qubit, _turns[s + 1]);
                s++;
            }
            else if (step.Kind == StepKind.Turn) Kernels<TLanes, TVector, T>.Turn(ref psi, _vectors, step.Qubit, _turns[s]);
            else Run(ref psi, step, _turns[s]);
        }
    }

    /// <summary>The expectation of Z on each of the circuit's qubits.</summary>
    /// <param name="z">[samples, qubits].</param>
    public void Expectations(Span<double> z, int samples)
    {
        ref T p = ref _scratch.Start;
        ref T psi = ref _psi.Start;
        nuint l = (nuint)TLanes.Count;
        for (int v = 0; v < _vectors; v++)
        {
            nuint at = (nuint)v * 2 * l;
            TVector re = TLanes.Load(ref psi, at), im = TLanes.Load(ref psi, at + l);
            TLanes.Store(TLanes.MultiplyAdd(re, re, TLanes.Multiply(im, im)), ref p, (nuint)v * l);
        }
        for (int half = _vectors / 2, qubit = _plan.Qubits - 1; half >= 1; half /= 2, qubit--)
        {
            TVector sum = TLanes.Spread(T.Zero);
            for (int v = 0; v < half; v++)
            {
                TVector low = TLanes.Load(ref p, (nuint)v * l), high = TLanes.Load(ref p, (nuint)(v + half) * l);
                sum = TLanes.Add(sum, TLanes.Subtract(low, high));
                TLanes.Store(TLanes.Add(low, high), ref p, (nuint)v * l);
            }
            TLanes.Store(sum, ref _lanes[0], 0);
            int named = _plan.Places.IndexOf(qubit);
            for (int sample = 0; sample < samples; sample++) z[sample * _plan.Qubits + named] = double.CreateChecked(_lanes[sample]);
        }
    }

    /// <summary>The slopes of sum over qubits of weight x expectation, by every shared parameter (added up over samples) and by every input.</summary>
    /// <param name="weights">[samples, qubits]: the slopes of the loss by the expectations.</param>
    /// <param name="shared">[parameters - inputs]; added to.</param>
    /// <param name="inputs">[samples, inputs]; added to. Empty: not wanted.</param>
    public void Back(ReadOnlySpan<double> weights, int samples, Span<double> shared, Span<double> inputs)
    {
        Observe(weights, samples);
        ref T psi = ref _psi.Start;
        ref T lam = ref _lam.Start;
        for (int s = _plan.Steps.Count - 1; s >= 0; s--)
        {
            Step step = _plan.Steps[s];
            if (step.Kind is StepKind.Turn or StepKind.ControlledTurn)
            {
                var slopes = Kernels<TLanes, TVector, T>.TurnBack(ref psi, ref lam, _vectors, step.Qubit, step.Kind == StepKind.Turn ? -1 : step.Other, _turns[s].Adjoint());
                Distribute(step, s, slopes, samples, shared, inputs);
                continue;
            }
            if (step.Kind == StepKind.Parity) Give(step.Factors[0].Angle, Kernels<TLanes, TVector, T>.ParitySum(ref psi, ref lam, _vectors, step.Qubit, step.Other), samples, shared, inputs);
            Run(ref psi, step, _turns[s].Adjoint());
            Run(ref lam, step, _turns[s].Adjoint());
        }
    }

    private void Run(ref T state, Step step, in Turn<TLanes, TVector, T> turn)
    {
        switch (step.Kind)
        {
            case StepKind.Flip:
                Kernels<TLanes, TVector, T>.Flip(ref state, _vectors, step.Qubit, step.Other);
                break;
            case StepKind.Parity:   // as a turn about z: a = cos - i sin
                Kernels<TLanes, TVector, T>.Parity(ref state, _vectors, step.Qubit, step.Other, turn.Ar, TLanes.Negate(turn.Ai));
                break;
            default:
                Kernels<TLanes, TVector, T>.ControlledTurn(ref state, _vectors, step.Qubit, step.Other, turn);
                break;
        }
    }

    /// <summary>lam = sum of weight x Z, applied to psi.</summary>
    private void Observe(ReadOnlySpan<double> weights, int samples)
    {
        nuint l = (nuint)TLanes.Count;
        ref T d = ref _scratch.Start;
        TVector sum = TLanes.Spread(T.Zero), two = TLanes.Spread(T.CreateChecked(2));
        for (int qubit = 0; qubit < _plan.Qubits; qubit++) sum = TLanes.Add(sum, Weight(weights, samples, qubit));
        TLanes.Store(sum, ref d, 0);
        for (int qubit = 0; qubit < _plan.Qubits; qubit++)
        {
            TVector less = TLanes.Multiply(two, Weight(weights, samples, qubit));
            for (int v = 0; v < 1 << qubit; v++) TLanes.Store(TLanes.Subtract(TLanes.Load(ref d, (nuint)v * l), less), ref d, (nuint)(v | (1 << qubit)) * l);
        }
        ref T psi = ref _psi.Start;
        ref T lam = ref _lam.Start;
        for (int v = 0; v < _vectors; v++)
        {
            nuint at = (nuint)v * 2 * l;
            TVector weight = TLanes.Load(ref d, (nuint)v * l);
            TLanes.Store(TLanes.Multiply(weight, TLanes.Load(ref psi, at)), ref lam, at);
            TLanes.Store(TLanes.Multiply(weight, TLanes.Load(ref psi, at + l)), ref lam, at + l);
        }
    }

    private TVector Weight(ReadOnlySpan<double> weights, int samples, int place)
    {
        int qubit = _plan.Places.IndexOf(place);
        for (int lane = 0; lane < _lanes.Length; lane++) _lanes[lane] = lane < samples ? T.CreateChecked(weights[lane * _plan.Qubits + qubit]) : T.Zero;
        return TLanes.Load(ref _lanes[0], 0);
    }

    /// <summary>From the slopes behind a step to those of its factors: each one's axis as the factors behind it turn it.</summary>
    private void Distribute(Step step, int s, (TVector X, TVector Y, TVector Z) slopes, int samples, Span<double> shared, Span<double> inputs)
    {
        if (!_turns.Varies(s))
        {
            ReadOnlySpan<SlopeTerm> terms = _turns.Slopes(s);
            if (terms.Length == 0) return;
            double x = double.CreateChecked(TLanes.Sum(slopes.X)), y = double.CreateChecked(TLanes.Sum(slopes.Y)), z = double.CreateChecked(TLanes.Sum(slopes.Z));
            foreach (ref readonly SlopeTerm term in terms) shared[term.Parameter] += term.X * x + term.Y * y + term.Z * z;
            return;
        }
        var behind = Turn<TLanes, TVector, T>.Spread(Su2.Identity);
        for (int f = step.Factors.Count - 1; f >= 0; f--)
        {
            Factor factor = step.Factors[f];
            if (!factor.Angle.IsConstant)
            {
                var image = behind.Image(factor.Axis);
                Give(factor.Angle, TLanes.MultiplyAdd(image.X, slopes.X, TLanes.MultiplyAdd(image.Y, slopes.Y, TLanes.Multiply(image.Z, slopes.Z))), samples, shared, inputs);
            }
            if (f > 0) behind *= _turns.Of(factor);
        }
    }

    private void Give(Angle angle, TVector slope, int samples, Span<double> shared, Span<double> inputs)
    {
        double sum = double.NaN;
        foreach (AngleTerm term in angle.Terms)
        {
            if (term.Parameter >= _inputs)
            {
                if (double.IsNaN(sum)) sum = double.CreateChecked(TLanes.Sum(slope));
                shared[term.Parameter - _inputs] += term.Factor * sum;
            }
            else if (inputs.Length > 0)
            {
                TLanes.Store(slope, ref _lanes[0], 0);
                for (int sample = 0; sample < samples; sample++) inputs[sample * _inputs + term.Parameter] += term.Factor * double.CreateChecked(_lanes[sample]);
            }
        }
    }
}
