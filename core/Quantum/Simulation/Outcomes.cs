using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Noise;

namespace Hone.Quantum.Simulation;

/// <summary>How likely each content of the classical bits is at a circuit's end, exactly.</summary>
public static class Outcomes
{
    /// <summary>Bits are counted in one word.</summary>
    public const int MostBits = 62;

    private const double Nothing = 1e-15;   // of a probability: such a branch is not followed

    /// <summary>Without noise. A circuit that measures nothing is read as if all its qubits were measured at its end.</summary>
    /// <returns>[bits] -> probability; bit 0 is the lowest. What cannot happen is left out.</returns>
    public static SortedDictionary<long, double> Of(Circuit circuit) => Run(circuit, null);

    /// <summary>On a noisy machine, whose qubits the circuit is on.</summary>
    public static SortedDictionary<long, double> Of(Circuit circuit, NoiseModel noise) => Run(circuit, noise);

    /// <summary>How often each outcome comes in so many runs.</summary>
    public static SortedDictionary<long, int> Draw(SortedDictionary<long, double> outcomes, int shots, Chance chance)
    {
        long[] bits = [.. outcomes.Keys];
        double[] below = new double[bits.Length];
        double sum = 0;
        for (int i = 0; i < bits.Length; i++) below[i] = sum += outcomes[bits[i]];
        var counts = new SortedDictionary<long, int>();
        for (int shot = 0; shot < shots; shot++)
        {
            long drawn = bits[Draw(below, chance)];
            counts[drawn] = counts.GetValueOrDefault(drawn) + 1;
        }
        return counts;
    }

    /// <summary>One run's outcome.</summary>
    /// <param name="below">[outcomes]: the probability of this one and all before it.</param>
    internal static int Draw(double[] below, Chance chance)
    {
        int found = Array.BinarySearch(below, chance.NextDouble() * below[^1]);
        return Math.Min(found < 0 ? ~found : found + 1, below.Length - 1);
    }

    /// <summary>The bits as text, the highest first, registers apart: "01 1" for two registers of two bits and one.</summary>
    public static string Text(long bits, ValueList<Register> registers)
    {
        IEnumerable<string> words = registers.AsEnumerable().Reverse().Select(r => string.Concat(Enumerable.Range(0, r.Size).Reverse().Select(i => (bits >> (r.First + i)) & 1)));
        return string.Join(' ', words);
    }

    /// <summary>All qubits measured at the end, if the circuit measures none.</summary>
    public static Circuit Measured(Circuit circuit)
    {
        if (circuit.Instructions.AsEnumerable().Any(i => i is Instruction.Measure or Instruction.When { Body: Instruction.Measure })) return circuit;
        return circuit with
        {
            BitRegisters = [new Register("c", 0, circuit.Qubits)],
            Instructions = [.. circuit.Instructions.AsEnumerable(), .. Enumerable.Range(0, circuit.Qubits).Select(q => new Instruction.Measure(q, q))],
        };
    }

    private static SortedDictionary<long, double> Run(Circuit given, NoiseModel? noise)
    {
        Circuit circuit = Measured(given);
        if (circuit.Bits > MostBits) throw new HoneException($"expected at most {MostBits} classical bits, got {circuit.Bits}");
        int most = noise is null ? ReferenceState.MostQubits : DensityMatrix.MostQubits, power = noise is null ? circuit.Qubits : 2 * circuit.Qubits;
        if (circuit.Qubits > most)
            throw new HoneException($"expected at most {most} qubits{(noise is null ? "" : " with noise")}, got {circuit.Qubits}: {(noise is null ? "a state" : "a density matrix")} of them takes {ByteSize.Text(16L << Math.Min(power, 58))}");
        bool[] last = LastReadings(circuit);
        var reads = new List<Instruction.Measure>();
        var branches = new List<Branch> { noise is null ? new PureBranch(circuit.Qubits) : new MixedBranch(circuit.Qubits, noise) };
        for (int i = 0; i < circuit.Instructions.Count; i++)
        {
            Instruction instruction = circuit.Instructions[i];
            if (last[i]) reads.Add((Instruction.Measure)instruction);
            else branches = [.. branches.SelectMany(b => b.Follow(instruction)).Where(b => b.Weight > Nothing)];
        }
        var all = new SortedDictionary<long, double>();
        foreach (Branch branch in branches)
        {
            double[] probabilities = branch.Probabilities();
            for (int state = 0; state < probabilities.Length; state++)
            {
                if (probabilities[state] <= Nothing) continue;
                long bits = branch.Bits;
                foreach (Instruction.Measure read in reads) bits = WithBit(bits, read.Bit, (state >> read.Qubit & 1) == 1);
                all[bits] = all.GetValueOrDefault(bits) + probabilities[state];
            }
        }
        return noise is null ? all : Misread(all, reads, noise);
    }

    /// <summary>Which measurements nothing comes after: neither on the qubit, nor on the bit.</summary>
    private static bool[] LastReadings(Circuit circuit)
    {
        bool[] last = new bool[circuit.Instructions.Count], qubit = new bool[circuit.Qubits], bit = new bool[circuit.Bits];
        for (int i = last.Length - 1; i >= 0; i--)
        {
            Instruction instruction = circuit.Instructions[i];
            if (instruction is Instruction.Barrier) continue;
            if (instruction is Instruction.Measure measure) last[i] = !qubit[measure.Qubit] && !bit[measure.Bit];
            foreach (int q in instruction.Qubits) qubit[q] = true;
            foreach (int b in instruction.ClassicalBits()) bit[b] = true;
        }
        return last;
    }

    private static SortedDictionary<long, double> Misread(SortedDictionary<long, double> all, List<Instruction.Measure> reads, NoiseModel noise)
    {
        foreach (Instruction.Measure read in reads)
        {
            var seen = new SortedDictionary<long, double>();
            foreach ((long bits, double probability) in all)
            {
                double one = noise.ReadAsOne(read.Qubit, (bits >> read.Bit & 1) == 1);
                foreach ((bool value, double share) in new[] { (true, one), (false, 1 - one) })
                {
                    if (share <= 0) continue;
                    long read1 = WithBit(bits, read.Bit, value);
                    seen[read1] = seen.GetValueOrDefault(read1) + share * probability;
                }
            }
            all = seen;
        }
        return all;
    }

    private static long WithBit(long bits, int bit, bool one) => one ? bits | 1L << bit : bits & ~(1L << bit);

    /// <summary>A course of events: what was read so far, and the state that it left, its weight being the course's probability.</summary>
    private abstract class Branch
    {
        public long Bits { get; set; }

        public abstract double Weight { get; }

        public abstract double[] Probabilities();

        protected abstract Branch Copy();

        protected abstract void Apply(Instruction instruction);

        /// <summary>Leaves what agrees with the qubit being 0 or 1.</summary>
        protected abstract void Project(int qubit, bool one);

        /// <summary>The chance to read a 1.</summary>
        protected virtual double ReadAsOne(int qubit, bool one) => one ? 1 : 0;

        protected abstract void Scale(double factor);

        public IEnumerable<Branch> Follow(Instruction instruction)
        {
            switch (instruction)
            {
                case Instruction.When conditional:
                    bool holds = (Bits >> conditional.FirstBit & (1L << conditional.Bits) - 1) == conditional.Value;
                    return holds ? Follow(conditional.Body) : [this];
                case Instruction.Measure measure:
                    return [.. Read(measure, false), .. Read(measure, true)];
                case Instruction.Reset reset:
                    Branch zero = Copy(), one = Copy();
                    zero.Project(reset.Qubit, false);
                    one.Project(reset.Qubit, true);
                    one.Apply(new Instruction.Unitary(new Matrix(2, [0, 1, 1, 0]), [reset.Qubit]));
                    return [zero, one];
                default:
                    Apply(instruction);
                    return [this];
            }
        }

        private IEnumerable<Branch> Read(Instruction.Measure measure, bool state)
        {
            foreach (bool read in new[] { false, true })
            {
                double one = ReadAsOne(measure.Qubit, state), share = read ? one : 1 - one;
                if (share <= 0) continue;
                Branch branch = Copy();
                branch.Project(measure.Qubit, state);
                branch.Scale(share);
                branch.Bits = WithBit(Bits, measure.Bit, read);
                yield return branch;
            }
        }
    }

    private sealed class PureBranch(int qubits) : Branch
    {
        private ReferenceState _state = new(qubits);

        public override double Weight => _state.Probabilities().Sum();

        public override double[] Probabilities() => _state.Probabilities();

        protected override Branch Copy() => new PureBranch(0) { _state = _state.Clone(), Bits = Bits };

        protected override void Apply(Instruction instruction)
        {
            if (instruction is not Instruction.Delay) _state.Step(instruction);
        }

        protected override void Project(int qubit, bool one)
        {
            for (int i = 0; i < _state.Amplitudes.Length; i++)
                if ((i >> qubit & 1) != (one ? 1 : 0)) _state.Amplitudes[i] = 0;
        }

        protected override void Scale(double factor)
        {
            foreach (ref Complex amplitude in _state.Amplitudes) amplitude *= Math.Sqrt(factor);
        }
    }

    private sealed class MixedBranch(int qubits, NoiseModel noise) : Branch
    {
        private DensityMatrix _state = new(qubits);

        public override double Weight => _state.Probabilities().Sum();

        public override double[] Probabilities() => _state.Probabilities();

        protected override Branch Copy() => new MixedBranch(0, noise) { _state = _state.Clone(), Bits = Bits };

        protected override void Apply(Instruction instruction)
        {
            if (instruction is Instruction.Apply apply) _state.Apply(apply.Matrix(), apply.Qubits.Span);
            else if (instruction is Instruction.Unitary unitary) _state.Apply(unitary.Matrix, unitary.Qubits.Span);
            if (instruction is not Instruction.Unitary && noise.Behind(instruction) is { } channel) _state.Apply(channel, instruction.Qubits.Span);
        }

        protected override void Project(int qubit, bool one) => _state.Project(qubit, one);

        protected override double ReadAsOne(int qubit, bool one) => noise.ReadAsOne(qubit, one);

        protected override void Scale(double factor) => _state.Scale(factor);
    }
}
