using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// The turns of a plan's steps for a group of samples, one in each lane. What follows from the shared parameters alone is worked out once
/// for all groups.
/// </summary>
internal sealed class TurnTable<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Step> _steps;
    private readonly int _parameters, _inputs;
    private readonly bool[] _varies;                        // [steps]: an input enters
    private readonly SlopeTerm[][] _slopes;                 // [steps], of those that no input enters
    private readonly TVector[] _values;                     // [parameters]
    private readonly Turn<TLanes, TVector, T>[] _turns;     // [steps]
    private readonly T[] _lanes = new T[TLanes.Count];

    public TurnTable(IReadOnlyList<Step> steps, int parameters, int inputs)
    {
        (_steps, _parameters, _inputs) = (steps, parameters, inputs);
        _varies = [.. steps.Select(s => s.Factors.Any(f => f.Angle.Terms.AsEnumerable().Any(t => t.Parameter < inputs)))];
        _slopes = [.. steps.Select((s, i) => _varies[i] ? [] : new SlopeTerm[s.Factors.Sum(f => f.Angle.Terms.Count)])];
        (_values, _turns) = (new TVector[parameters], new Turn<TLanes, TVector, T>[steps.Count]);
    }

    public ref readonly Turn<TLanes, TVector, T> this[int step] => ref _turns[step];

    /// <summary>Whether an input enters a step.</summary>
    public bool Varies(int step) => _varies[step];

    /// <summary>How a step that no input enters shares out its slopes.</summary>
    public ReadOnlySpan<SlopeTerm> Slopes(int step) => _slopes[step];

    /// <summary>Takes the parameters that all samples share.</summary>
    /// <param name="shared">[parameters - inputs].</param>
    public void Share(ReadOnlySpan<double> shared)
    {
        double[] all = new double[_parameters];
        shared.CopyTo(all.AsSpan(_inputs));
        for (int p = _inputs; p < all.Length; p++) _values[p] = TLanes.Spread(T.CreateChecked(all[p]));
        for (int s = 0; s < _turns.Length; s++)
        {
            if (_varies[s]) continue;
            Su2 behind = Su2.Identity;
            int next = 0;
            for (int f = _steps[s].Factors.Count - 1; f >= 0; f--)
            {
                Factor factor = _steps[s].Factors[f];
                (double x, double y, double z) = behind.Image(factor.Axis);
                foreach (AngleTerm term in factor.Angle.Terms) _slopes[s][next++] = new SlopeTerm(term.Parameter - _inputs, term.Factor * x, term.Factor * y, term.Factor * z);
                behind *= factor.At(all);
            }
            _turns[s] = Turn<TLanes, TVector, T>.Spread(behind);
        }
    }

    /// <summary>Takes a group's inputs.</summary>
    /// <param name="inputs">[samples, inputs]; lanes without a sample repeat the first.</param>
    public void Take(ReadOnlySpan<double> inputs, int samples)
    {
        for (int p = 0; p < _inputs; p++)
        {
            for (int lane = 0; lane < _lanes.Length; lane++) _lanes[lane] = T.CreateChecked(inputs[(lane < samples ? lane : 0) * _inputs + p]);
            _values[p] = TLanes.Load(ref _lanes[0], 0);
        }
        for (int s = 0; s < _turns.Length; s++)
        {
            if (!_varies[s]) continue;
            var turn = Turn<TLanes, TVector, T>.Spread(Su2.Identity);
            foreach (Factor factor in _steps[s].Factors) turn = Of(factor) * turn;
            _turns[s] = turn;
        }
    }

    /// <summary>A single factor's turn.</summary>
    public Turn<TLanes, TVector, T> Of(Factor factor)
    {
        if (factor.Constant is { } constant) return Turn<TLanes, TVector, T>.Spread(constant);
        TVector angle = TLanes.Spread(T.CreateChecked(factor.Angle.Offset));
        foreach (AngleTerm term in factor.Angle.Terms) angle = TLanes.MultiplyAdd(TLanes.Spread(T.CreateChecked(term.Factor)), _values[term.Parameter], angle);
        return Turn<TLanes, TVector, T>.About(factor.Axis, angle);
    }
}

/// <summary>A parameter's slope is so much of a step's (x, y, z).</summary>
/// <param name="Parameter">Of the shared ones.</param>
internal readonly record struct SlopeTerm(int Parameter, double X, double Y, double Z);
