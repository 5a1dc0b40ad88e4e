using System.Numerics;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>A noisy plan run on a group of samples, one in each lane, as density matrices.</summary>
internal sealed class NoisyPass<TLanes, TVector, T> : INoisyGroup
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NoisyPlan _plan;
    private readonly TurnTable<TLanes, TVector, T> _turns;
    private readonly int[] _gate;                   // [steps] -> which gate's step it is
    private readonly AlignedBuffer<T> _rho;         // [4^n][2][L]
    private readonly T[] _lanes = new T[TLanes.Count];

    public NoisyPass(NoisyPlan plan, int inputs)
    {
        _plan = plan;
        Step[] gates = [.. plan.Steps.OfType<NoisyStep.Gate>().Select(g => g.Step)];
        _turns = new(gates, plan.Parameters, inputs);
        _gate = new int[plan.Steps.Count];
        for (int s = 0, gate = 0; s < _gate.Length; s++) _gate[s] = plan.Steps[s] is NoisyStep.Gate ? gate++ : -1;
        _rho = new(2L * TLanes.Count << (2 * plan.Qubits));
    }

    public void Share(ReadOnlySpan<double> shared) => _turns.Share(shared);

    public void Take(ReadOnlySpan<double> inputs, int samples) => _turns.Take(inputs, samples);

    public void Run()
    {
        _rho.Span.Clear();
        ref T rho = ref _rho.Start;
        TLanes.Store(TLanes.Spread(T.One), ref rho, 0);
        for (int s = 0; s < _gate.Length; s++)
            switch (_plan.Steps[s])
            {
                case NoisyStep.Gate gate:
                    Apply(ref rho, gate.Step, _turns[_gate[s]]);
                    break;
                case NoisyStep.Single single:
                    ChannelKernels<TLanes, TVector, T>.Single(ref rho, _plan.Qubits, single);
                    break;
                case NoisyStep.Pair pair:
                    ChannelKernels<TLanes, TVector, T>.Pair(ref rho, _plan.Qubits, pair);
                    break;
            }
    }

    public void Probabilities(Span<double> probabilities, int samples)
    {
        int states = 1 << _plan.Qubits;
        for (int state = 0; state < states; state++)
        {
            TLanes.Store(TLanes.Load(ref _rho.Start, (nuint)(state + ((long)state << _plan.Qubits)) * 2 * (nuint)TLanes.Count), ref _lanes[0], 0);
            for (int sample = 0; sample < samples; sample++) probabilities[sample * states + state] = double.CreateChecked(_lanes[sample]);
        }
    }

    /// <summary>U on the row's qubits, its conjugate on the column's.</summary>
    private void Apply(ref T rho, Step step, in Turn<TLanes, TVector, T> turn)
    {
        int n = _plan.Qubits, vectors = 1 << (2 * n);
        Turn<TLanes, TVector, T> conjugate = new(turn.Ar, TLanes.Negate(turn.Ai), turn.Br, TLanes.Negate(turn.Bi));
        switch (step.Kind)
        {
            case StepKind.Turn:
                Kernels<TLanes, TVector, T>.Turn(ref rho, vectors, step.Qubit, turn, step.Qubit + n, conjugate);
                break;
            case StepKind.Flip:
                Kernels<TLanes, TVector, T>.Flip(ref rho, vectors, step.Qubit, step.Other);
                Kernels<TLanes, TVector, T>.Flip(ref rho, vectors, step.Qubit + n, step.Other + n);
                break;
            case StepKind.ControlledTurn:
                Kernels<TLanes, TVector, T>.ControlledTurn(ref rho, vectors, step.Qubit, step.Other, turn);
                Kernels<TLanes, TVector, T>.ControlledTurn(ref rho, vectors, step.Qubit + n, step.Other + n, conjugate);
                break;
            default:
                Kernels<TLanes, TVector, T>.Parity(ref rho, vectors, step.Qubit, step.Other, turn.Ar, TLanes.Negate(turn.Ai));
                Kernels<TLanes, TVector, T>.Parity(ref rho, vectors, step.Qubit + n, step.Other + n, turn.Ar, turn.Ai);
                break;
        }
    }
}

/// <summary>A noisy plan run on a group of samples at once, whatever the width of the vectors.</summary>
internal interface INoisyGroup
{
    /// <summary>Takes the parameters that all samples share.</summary>
    void Share(ReadOnlySpan<double> shared);

    /// <summary>Takes a group's inputs [samples, inputs].</summary>
    void Take(ReadOnlySpan<double> inputs, int samples);

    /// <summary>Runs the plan from |00..0>.</summary>
    void Run();

    /// <summary>The probability of each basis state.</summary>
    /// <param name="probabilities">[samples, 2^qubits].</param>
    void Probabilities(Span<double> probabilities, int samples);
}
