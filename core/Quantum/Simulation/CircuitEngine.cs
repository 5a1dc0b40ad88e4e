using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Simulation.Engine;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation;

/// <summary>The loss of one sample.</summary>
/// <param name="sample">Which one.</param>
/// <param name="z">[qubits]: expectations of Z.</param>
/// <param name="slopes">[qubits]: to be set to the loss's slopes by them.</param>
/// <returns>The loss.</returns>
public delegate double SampleLoss(int sample, ReadOnlySpan<double> z, Span<double> slopes);

/// <summary>Numbers that amplitudes are made of.</summary>
public enum Precision { Double, Single }

/// <summary>
/// Runs one circuit on many samples, fast: expectations of Z on every qubit, and slopes of a loss by all parameters. The circuit's first
/// parameters are inputs that differ between samples (the encoding of data), the others are shared (what is trained); either may be none,
/// and with inputs alone each sample is a parameter set of its own. Small circuits run with a sample in each lane of the vectors; large ones, and
/// few samples, with amplitudes in them.
/// </summary>
public sealed class CircuitEngine
{
    /// <summary>4 GiB a state, of which a gradient needs two.</summary>
    public const int MostQubits = 28;

    private const int Large = 13;       // from so many qubits on a sample in each lane would leave the cache
    private const int Small = 6;        // below, a circuit with amplitudes in the lanes has too few vectors
    private const int Few = 2;          // samples that are better run one by one
    private const int ChunkBytes = 18;  // 2^18 bytes of a state at a time stay in a core's own cache, twice for a gradient
    private readonly Plan _plan;
    private readonly Precision _precision;
    private readonly ConcurrentBag<IGroup> _free = [];                                       // states are large: made once for each thread that ever ran
    private readonly ConcurrentDictionary<int, ConcurrentBag<IGroup>> _freeSingle = new();   // [threads]

    /// <param name="inputs">How many of the circuit's first parameters differ between samples.</param>
    /// <exception cref="HoneException">The circuit does more than gates, or is too large.</exception>
    public CircuitEngine(Circuit circuit, int inputs, Precision precision = Precision.Double)
    {
        if (circuit.Qubits is < 1 or > MostQubits)
            throw new HoneException($"expected a circuit of 1 to {MostQubits} qubits, got {circuit.Qubits}: one state of it takes {ByteSize.Text(16L << Math.Min(circuit.Qubits, 58))}");
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, circuit.Parameters.Count);
        (_plan, Inputs, _precision) = (Plan.Of(circuit), inputs, precision);
    }

    public int Qubits => _plan.Qubits;

    /// <summary>Parameters that differ between samples.</summary>
    public int Inputs { get; }

    /// <summary>Parameters that all samples share.</summary>
    public int Shared => _plan.Parameters - Inputs;

    /// <summary>Expectations of Z.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="shared">[shared].</param>
    /// <returns>[samples, qubits].</returns>
    public double[] Expectations(double[] inputs, double[] shared, int samples, int threads = 1)
    {
        double[] z = new double[samples * Qubits];
        Groups(samples, threads, shared, (group, from, count) =>
        {
            group.Take(inputs.AsSpan(from * Inputs, count * Inputs), count);
            group.Forth();
            group.Expectations(z.AsSpan(from * Qubits, count * Qubits), count);
        });
        return z;
    }

    /// <summary>The mean loss of the samples and its slopes by the shared parameters. The sums' order does not depend on the threads.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="shared">[shared].</param>
    /// <param name="gradient">[shared]: set to the mean loss's slopes.</param>
    /// <param name="inputGradient">[samples, inputs]: set to each sample's loss's slopes; null: not wanted.</param>
    public double Gradient(double[] inputs, double[] shared, int samples, SampleLoss loss, double[] gradient, double[]? inputGradient = null, int threads = 1)
    {
        int width = Width(samples), groups = (samples + width - 1) / width;
        double[] slopes = new double[groups * Shared], losses = new double[groups];
        inputGradient?.AsSpan().Clear();
        Groups(samples, threads, shared, (group, from, count) =>
        {
            Span<double> z = stackalloc double[count * Qubits], weights = stackalloc double[count * Qubits];
            group.Take(inputs.AsSpan(from * Inputs, count * Inputs), count);
            group.Forth();
            group.Expectations(z, count);
            for (int i = 0; i < count; i++) losses[from / width] += loss(from + i, z.Slice(i * Qubits, Qubits), weights.Slice(i * Qubits, Qubits));
            group.Back(weights, count, slopes.AsSpan(from / width * Shared, Shared), inputGradient is null ? [] : inputGradient.AsSpan(from * Inputs, count * Inputs));
        });
        for (int p = 0; p < Shared; p++)
        {
            double sum = 0;
            for (int g = 0; g < groups; g++) sum += slopes[g * Shared + p];
            gradient[p] = sum / samples;
        }
        return losses.Sum() / samples;
    }

    private bool OneByOne(int samples) => Qubits >= Large || (Qubits >= Small && samples <= Few);

    /// <summary>Samples that are run at once.</summary>
    private int Width(int samples) => OneByOne(samples) ? 1 : Lanes;

    private int Lanes => _precision == Precision.Double ? Engine.Groups.Doubles : 2 * Engine.Groups.Doubles;

    private void Groups(int samples, int threads, double[] shared, Action<IGroup, int, int> run)
    {
        bool oneByOne = OneByOne(samples);
        int inside = oneByOne && Qubits >= Large ? threads : 1;
        Engine.Groups.Run(samples, Width(samples), inside > 1 ? 1 : threads, oneByOne ? _freeSingle.GetOrAdd(inside, _ => []) : _free,
            () => oneByOne ? NewSingle(inside) : NewGroup(), group => group.Share(shared), run);
    }

    private IGroup NewGroup() => _precision == Precision.Double
        ? Vector512.IsHardwareAccelerated ? new Pass<Lanes512<double>, Vector512<double>, double>(_plan, Inputs)
            : Vector256.IsHardwareAccelerated ? new Pass<Lanes256<double>, Vector256<double>, double>(_plan, Inputs) : new Pass<Lanes128<double>, Vector128<double>, double>(_plan, Inputs)
        : Vector512.IsHardwareAccelerated ? new Pass<Lanes512<float>, Vector512<float>, float>(_plan, Inputs)
            : Vector256.IsHardwareAccelerated ? new Pass<Lanes256<float>, Vector256<float>, float>(_plan, Inputs) : new Pass<Lanes128<float>, Vector128<float>, float>(_plan, Inputs);

    private IGroup NewSingle(int threads)
    {
        int chunk = ChunkBytes - System.Numerics.BitOperations.Log2((uint)(Lanes * (_precision == Precision.Double ? 16 : 8)));
        return _precision == Precision.Double
            ? Vector512.IsHardwareAccelerated ? new SinglePass<Lanes512<double>, Vector512<double>, double>(_plan, Inputs, threads, chunk)
                : Vector256.IsHardwareAccelerated ? new SinglePass<Lanes256<double>, Vector256<double>, double>(_plan, Inputs, threads, chunk) : new SinglePass<Lanes128<double>, Vector128<double>, double>(_plan, Inputs, threads, chunk)
            : Vector512.IsHardwareAccelerated ? new SinglePass<Lanes512<float>, Vector512<float>, float>(_plan, Inputs, threads, chunk)
                : Vector256.IsHardwareAccelerated ? new SinglePass<Lanes256<float>, Vector256<float>, float>(_plan, Inputs, threads, chunk) : new SinglePass<Lanes128<float>, Vector128<float>, float>(_plan, Inputs, threads, chunk);
    }
}
