using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Noise;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>A trained classifier as a calibrated machine runs it: transpiled once for all samples, its angles left free, then exact density matrices, finite shots and wrong readings.</summary>
public sealed class NoisyClassifier
{
    private readonly NoisyEngine _engine;
    private readonly int _classes, _inputs;

    /// <param name="weights">[parameters] of the model.</param>
    /// <param name="options">With <see cref="TranspileOptions.Schedule"/> waiting errs too.</param>
    /// <exception cref="HoneException">The machine has too few qubits, or the circuit ends up on more than a density matrix can hold.</exception>
    public NoisyClassifier(VqcModel model, double[] weights, Backend machine, TranspileOptions options)
    {
        Made = Transpiler.Run(VqcCircuit.Bound(model, weights), Target.Of(machine), options);
        (_classes, _inputs) = (model.Classes, model.Inputs);
        _engine = new NoisyEngine(Made.Circuit, new NoiseModel(machine), [.. Made.Final.AsEnumerable().Take(model.Classes)], model.Inputs);
    }

    /// <summary>The circuit on the machine.</summary>
    public Transpiled Made { get; }

    /// <summary>Whether the class whose qubit is read as 0 most often (the first of several) is the sample's label.</summary>
    /// <param name="samples">The first so many.</param>
    /// <param name="shots">Runs of the circuit for each sample.</param>
    /// <returns>[samples].</returns>
    public bool[] Correct(VqcData data, int samples, int shots, Chance chance, int threads = 1)
    {
        double[] readings = _engine.Readings(data.Angles[..(samples * _inputs)], [], samples, threads);
        int outcomes = 1 << _classes;
        bool[] correct = new bool[samples];
        double[] below = new double[outcomes], zeros = new double[_classes];
        for (int i = 0; i < samples; i++)
        {
            double sum = 0;
            for (int o = 0; o < outcomes; o++) below[o] = sum += readings[i * outcomes + o];
            Array.Clear(zeros);
            for (int shot = 0; shot < shots; shot++)
            {
                int outcome = Outcomes.Draw(below, chance);
                for (int c = 0; c < _classes; c++) zeros[c] += 1 - (outcome >> c & 1);
            }
            correct[i] = VqcModel.Greatest(zeros) == data.Labels[i];
        }
        return correct;
    }
}
