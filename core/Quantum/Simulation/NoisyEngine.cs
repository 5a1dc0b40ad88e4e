using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Noise;
using Hone.Quantum.Simulation.Engine;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation;

/// <summary>
/// Runs one transpiled circuit on many samples as a noisy machine would, exactly: density matrices of the qubits that it touches, and
/// readings as wrong as the machine's. Parameters are as in <see cref="CircuitEngine"/>.
/// </summary>
public sealed class NoisyEngine
{
    private readonly NoisyPlan _plan;
    private readonly int[] _read;                  // [read] -> the plan's qubit
    private readonly (double Zero, double One)[] _asOne;   // [read]: the chance to read a 1 in |0> and in |1>
    private readonly ConcurrentBag<INoisyGroup> _free = [];

    /// <param name="circuit">On the machine's qubits, gates alone.</param>
    /// <param name="read">The machine's qubits that are read, the lowest bit first.</param>
    /// <param name="inputs">How many of the circuit's first parameters differ between samples.</param>
    /// <exception cref="HoneException">It touches too many qubits, or was not transpiled for the machine.</exception>
    public NoisyEngine(Circuit circuit, NoiseModel noise, IReadOnlyList<int> read, int inputs)
    {
        _plan = new NoisyPlan(circuit, noise, read);
        if (_plan.Qubits > DensityMatrix.MostQubits)
            throw new HoneException($"expected a circuit that touches at most {DensityMatrix.MostQubits} qubits, got {_plan.Qubits}: a density matrix of them takes {ByteSize.Text(16L << Math.Min(2 * _plan.Qubits, 58))}");
        (_read, Inputs) = ([.. read.Select(_plan.Place)], inputs);
        _asOne = [.. read.Select(q => (noise.ReadAsOne(q, false), noise.ReadAsOne(q, true)))];
    }

    /// <summary>Parameters that differ between samples.</summary>
    public int Inputs { get; }

    /// <summary>How likely each reading is.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="shared">[parameters - inputs].</param>
    /// <returns>[samples, 2^read].</returns>
    public double[] Readings(double[] inputs, double[] shared, int samples, int threads = 1)
    {
        int outcomes = 1 << _read.Length, states = 1 << _plan.Qubits;
        double[] all = new double[samples * outcomes];
        Groups.Run(samples, Groups.Doubles, threads, _free, NewGroup, group => group.Share(shared), (group, from, count) =>
        {
            double[] probabilities = new double[count * states];
            group.Take(inputs.AsSpan(from * Inputs, count * Inputs), count);
            group.Run();
            group.Probabilities(probabilities, count);
            for (int i = 0; i < count; i++) Read(probabilities.AsSpan(i * states, states), all.AsSpan((from + i) * outcomes, outcomes));
        });
        return all;
    }

    /// <summary>States to readings: those of the read qubits, each mistaken with its own chances.</summary>
    private void Read(ReadOnlySpan<double> states, Span<double> readings)
    {
        for (int state = 0; state < states.Length; state++)
        {
            int reading = 0;
            for (int r = 0; r < _read.Length; r++) reading |= (state >> _read[r] & 1) << r;
            readings[reading] += states[state];
        }
        for (int r = 0; r < _read.Length; r++)
            for (int reading = 0; reading < readings.Length; reading++)
            {
                if ((reading >> r & 1) == 1) continue;
                double zero = readings[reading], one = readings[reading | 1 << r];
                readings[reading | 1 << r] = _asOne[r].Zero * zero + _asOne[r].One * one;
                readings[reading] = (1 - _asOne[r].Zero) * zero + (1 - _asOne[r].One) * one;
            }
    }

    private INoisyGroup NewGroup() => Vector512.IsHardwareAccelerated ? new NoisyPass<Lanes512<double>, Vector512<double>, double>(_plan, Inputs)
        : Vector256.IsHardwareAccelerated ? new NoisyPass<Lanes256<double>, Vector256<double>, double>(_plan, Inputs) : new NoisyPass<Lanes128<double>, Vector128<double>, double>(_plan, Inputs);
}
