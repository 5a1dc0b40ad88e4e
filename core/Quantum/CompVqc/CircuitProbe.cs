using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Simulation;

namespace Hone.Quantum.CompVqc;

/// <summary>What an exported classifier must answer: samples as angles, the expectations of Z on its classes' qubits, and how many it gets right.</summary>
/// <param name="Angles">[samples][inputs].</param>
/// <param name="Expectations">[samples][classes].</param>
/// <param name="Correct">Samples whose greatest expectation (the first of several) is their label's.</param>
public sealed record CircuitProbe(double[][] Angles, int[] Labels, double[][] Expectations, int Correct)
{
    /// <summary>The file's name beside the circuit.</summary>
    public const string FileName = "probe.json";

    /// <summary>The largest difference of an expectation that counts as the same.</summary>
    public const double Tolerance = 1e-9;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.Strict };

    /// <summary>Of a trained circuit.</summary>
    public static CircuitProbe Of(VqcModel model, VqcData data, double[] weights)
    {
        double[][] expectations = [.. model.Expectations(data, weights).Chunk(model.Classes)];
        return new CircuitProbe([.. data.Angles.Chunk(data.Inputs)], data.Labels, expectations, expectations.Where((z, i) => VqcModel.Greatest(z) == data.Labels[i]).Count());
    }

    /// <summary>Samples of which the two greatest expectations are as good as equal: which one is greater is the last bit's, and differs between simulators.</summary>
    [JsonIgnore]
    public int Undecided => Expectations.Count(z => z.OrderDescending().Take(2).ToArray() is [var first, var second] && first - second <= 2 * Tolerance);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="HoneException">Not such a file.</exception>
    public static CircuitProbe Read(byte[] bytes)
    {
        try
        {
            CircuitProbe probe = JsonSerializer.Deserialize<CircuitProbe>(bytes, Options) ?? throw new HoneException($"expected {FileName} with samples, got null");
            int samples = probe.Labels?.Length ?? -1;
            if (samples < 1 || probe.Angles?.Length != samples || probe.Expectations?.Length != samples) throw new HoneException($"expected {FileName} with as many angles and expectations as labels");
            return probe;
        }
        catch (JsonException e)
        {
            throw new HoneException($"expected {FileName} as JSON: {e.Message}", e);
        }
    }

    /// <summary>Runs a circuit on the samples by the reference simulator.</summary>
    /// <param name="read">The qubits that the classes are read from.</param>
    /// <param name="samples">The first so many.</param>
    /// <returns>The largest difference of an expectation, and how many samples are right.</returns>
    /// <exception cref="HoneException">It takes other inputs.</exception>
    public (double Difference, int Correct) Run(Circuit circuit, IReadOnlyList<int> read, int samples)
    {
        if (circuit.Parameters.Count != Angles[0].Length) throw new HoneException($"expected a circuit of {Angles[0].Length} inputs, got {circuit.Parameters.Count}");
        double largest = 0;
        int correct = 0;
        for (int i = 0; i < samples; i++)
        {
            double[] z = Answer(circuit.Bind(Angles[i]), read);
            largest = Math.Max(largest, Difference(z, i));
            if (VqcModel.Greatest(z) == Labels[i]) correct++;
        }
        return (largest, correct);
    }

    /// <summary>Runs a circuit that has the first sample's angles in place.</summary>
    /// <returns>The largest difference of an expectation.</returns>
    /// <exception cref="HoneException">It takes inputs.</exception>
    public double First(Circuit circuit, IReadOnlyList<int> read) => circuit.Parameters.Count == 0 ? Difference(Answer(circuit, read), 0)
        : throw new HoneException($"expected a circuit without inputs, got {circuit.Parameters.Count}");

    private double Difference(double[] z, int sample)
    {
        if (z.Length != Expectations[sample].Length) throw new HoneException($"expected {z.Length} expectations of sample {sample}, got {Expectations[sample].Length}");
        double largest = 0;
        for (int c = 0; c < z.Length; c++) largest = Math.Max(largest, Math.Abs(z[c] - Expectations[sample][c]));
        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }

    private static double[] Answer(Circuit bound, IReadOnlyList<int> read)
    {
        ReferenceState state = ReferenceState.Of(bound with { BitRegisters = [], Instructions = [.. bound.Instructions.AsEnumerable().Where(i => i is not (Instruction.Measure or Instruction.Barrier or Instruction.Delay))] });
        return [.. read.Select(q => q < bound.Qubits ? Expectation(state, q) : throw new HoneException($"expected a circuit of more than {q} qubits, got {bound.Qubits}"))];
    }

    private static double Expectation(ReferenceState state, int qubit)
    {
        double sum = 0;
        for (int i = 0; i < state.Amplitudes.Length; i++)
        {
            System.Numerics.Complex a = state.Amplitudes[i];
            sum += ((i >> qubit & 1) == 0 ? 1 : -1) * (a.Real * a.Real + a.Imaginary * a.Imaginary);
        }
        return sum;
    }
}
