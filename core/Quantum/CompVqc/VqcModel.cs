using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;

namespace Hone.Quantum.CompVqc;

/// <summary>
/// A classifier: an encoder, an ansatz, and the expectations of Z on the first qubits as logits, one a class; cross-entropy. Parameters of the
/// circuit: the sample's angles first, then what is trained.
/// </summary>
public sealed class VqcModel
{
    private readonly CircuitEngine _engine;
    private readonly double _scale;

    /// <exception cref="SpecException">More classes than qubits, or more features than amplitudes.</exception>
    public VqcModel(CompVqcConfig config, int features, int classes)
    {
        config.Check();
        if (classes < 2 || classes > config.Qubits) throw new SpecException($"model.qubits: expected 2 to {config.Qubits} classes, one qubit for each, got {classes}; take data of fewer classes, or more qubits");
        if (config.Encoding == EncodingKind.Amplitude && features > 1 << config.Qubits)
            throw new SpecException($"model.encoding: expected at most {1 << config.Qubits} features as amplitudes of {config.Qubits} qubits, got {features}; take angles, or more qubits");
        int inputs = Encoding.Inputs(config.Encoding, config.Qubits, features);
        Instruction[] trained = [.. Ansatz.Gates(config.Ansatz, config.Qubits, config.Blocks, inputs)];
        Gates = [.. trained.Cast<Instruction.Apply>().SelectMany(a => Enumerable.Repeat(a, a.Angles.Count))];
        Parameters = [.. trained.Cast<Instruction.Apply>().SelectMany(a => Enumerable.Range(0, a.Angles.Count).Select(i => (a.Gate, i)))];
        Circuit = Circuit.Of(config.Qubits, [.. Encoding.Gates(config.Encoding, config.Qubits, features), .. trained]) with
        {
            Parameters = [.. Enumerable.Range(0, inputs).Select(i => $"x{i}"), .. Enumerable.Range(0, Parameters.Count).Select(i => $"w{i}")],
        };
        (_engine, _scale, Classes, Inputs) = (new CircuitEngine(Circuit, inputs), config.LogitScale, classes, inputs);
    }

    public Circuit Circuit { get; }

    public int Classes { get; }

    public int Inputs { get; }

    /// <summary>Of each trained parameter the gate, and which of its angles it is.</summary>
    public ValueList<(Gate Gate, int Angle)> Parameters { get; }

    /// <summary>Of each trained parameter the gate where it stands.</summary>
    internal IReadOnlyList<Instruction.Apply> Gates { get; }

    /// <summary>The mean loss of some samples and its slopes.</summary>
    /// <param name="batch">Which samples.</param>
    /// <param name="weights">[parameters].</param>
    /// <param name="gradient">[parameters]: set.</param>
    public double Loss(VqcData data, ReadOnlySpan<int> batch, double[] weights, double[] gradient)
    {
        double[] inputs = new double[batch.Length * Inputs];
        int[] labels = new int[batch.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            data.Angles.AsSpan(batch[i] * Inputs, Inputs).CopyTo(inputs.AsSpan(i * Inputs));
            labels[i] = data.Labels[batch[i]];
        }
        return _engine.Gradient(inputs, weights, labels.Length, (sample, z, slopes) => CrossEntropy(z, labels[sample], slopes), gradient);
    }

    /// <summary>The share of samples whose greatest logit is their label's.</summary>
    public double Accuracy(VqcData data, double[] weights, int threads = 1) => Correct(data, weights, threads).Count(c => c) / (double)data.Samples;

    /// <summary>Whether a sample's greatest logit (the first of several) is its label's.</summary>
    /// <returns>[samples].</returns>
    public bool[] Correct(VqcData data, double[] weights, int threads = 1)
    {
        double[] z = Expectations(data, weights, threads);
        return [.. data.Labels.Select((label, i) => Greatest(z.AsSpan(i * Classes, Classes)) == label)];
    }

    /// <summary>Expectations of Z on the classes' qubits.</summary>
    /// <returns>[samples, classes].</returns>
    public double[] Expectations(VqcData data, double[] weights, int threads = 1)
    {
        double[] all = _engine.Expectations(data.Angles, weights, data.Samples, threads);
        return [.. all.Where((_, i) => i % Circuit.Qubits < Classes)];
    }

    /// <summary>The first of the greatest.</summary>
    internal static int Greatest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }

    private double CrossEntropy(ReadOnlySpan<double> z, int label, Span<double> slopes)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < Classes; c++) most = Math.Max(most, _scale * z[c]);
        for (int c = 0; c < Classes; c++) sum += slopes[c] = Math.Exp(_scale * z[c] - most);
        for (int c = 0; c < Classes; c++) slopes[c] = _scale * (slopes[c] / sum - (c == label ? 1 : 0));
        slopes[Classes..].Clear();
        return Math.Log(sum) + most - _scale * z[label];
    }
}
