using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Gradients;
using Hone.Quantum.Simulation;
using Hone.Quantum.Simulation.Engine;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Core.Tests.Quantum;

/// <summary>The fast engine is held to the slow one.</summary>
public class CircuitEngineTests
{
    [Fact]
    public void ExpectationsAreTheReferencesOnTenThousandCircuits()
    {
        var chance = new Chance(1, Streams.Sampling);
        for (ulong seed = 0; seed < 10_000; seed++)
        {
            int qubits = 1 + (int)(seed % 5);
            Circuit circuit = RandomCircuits.Draw(seed, qubits, 4 + (int)(seed % 17), parameters: 3);
            double[] values = Values(chance, 2 * 3);
            double[] z = new CircuitEngine(circuit, 3).Expectations(values, [], 2);
            for (int sample = 0; sample < 2; sample++)
            {
                double[] expected = Z(circuit.Bind(values.AsSpan(sample * 3, 3)));
                for (int q = 0; q < qubits; q++) Assert.True(Math.Abs(expected[q] - z[sample * qubits + q]) < 1e-12, $"seed {seed}, qubit {q}: {expected[q]} and {z[sample * qubits + q]}");
            }
        }
    }

    [Fact]
    public void SlopesAreThoseOfTheShiftRulesAndOfFiniteDifferences()
    {
        var chance = new Chance(2, Streams.Sampling);
        for (ulong seed = 0; seed < 60; seed++)
        {
            int qubits = 1 + (int)(seed % 4);
            Circuit circuit = RandomCircuits.Draw(seed, qubits, 14, parameters: 4);
            double[] values = Values(chance, 4), weights = Values(chance, qubits), gradient = new double[4];
            double Loss(Circuit bound) => Z(bound).Zip(weights, (z, w) => z * w).Sum();
            double loss = new CircuitEngine(circuit, 0).Gradient([], values, 1, Linear(weights), gradient);
            Assert.Equal(Loss(circuit.Bind(values)), loss, 1e-12);
            double[] shifted = ParameterShift.Gradient(circuit, values, Loss);
            for (int p = 0; p < 4; p++)
            {
                Assert.True(Math.Abs(shifted[p] - gradient[p]) < 1e-10, $"seed {seed}, parameter {p}: {shifted[p]} by shifts, {gradient[p]}");
                double[] above = [.. values], below = [.. values];
                (above[p], below[p]) = (above[p] + 1e-5, below[p] - 1e-5);
                Assert.InRange((Loss(circuit.Bind(above)) - Loss(circuit.Bind(below))) / 2e-5 - gradient[p], -1e-7, 1e-7);
            }
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(8), InlineData(9), InlineData(17), InlineData(31)]
    public void ABatchIsItsSamplesOneByOne(int samples)
    {
        var chance = new Chance(3, Streams.Sampling);
        Circuit circuit = RandomCircuits.Draw(5, 4, 40, parameters: 5);
        double[] inputs = Values(chance, samples * 2), shared = Values(chance, 3), weights = Values(chance, 4);
        var engine = new CircuitEngine(circuit, 2);
        double[] gradient = new double[3], inputGradient = new double[samples * 2], sum = new double[3];
        engine.Gradient(inputs, shared, samples, Linear(weights), gradient, inputGradient, threads: 2);
        double[] z = engine.Expectations(inputs, shared, samples, threads: 2);
        for (int i = 0; i < samples; i++)
        {
            double[] one = new double[3], oneInput = new double[2];
            engine.Gradient(inputs[(i * 2)..(i * 2 + 2)], shared, 1, Linear(weights), one, oneInput);
            for (int p = 0; p < 3; p++) sum[p] += one[p] / samples;
            Assert.Equal(oneInput, inputGradient[(i * 2)..(i * 2 + 2)]);
            Assert.Equal(engine.Expectations(inputs[(i * 2)..(i * 2 + 2)], shared, 1), z[(i * 4)..(i * 4 + 4)]);
        }
        for (int p = 0; p < 3; p++) Assert.Equal(sum[p], gradient[p], 1e-12);
    }

    [Fact]
    public void ThreadsChangeNoBit()
    {
        var chance = new Chance(4, Streams.Sampling);
        Circuit circuit = RandomCircuits.Draw(6, 5, 60, parameters: 6);
        double[] inputs = Values(chance, 100 * 2), shared = Values(chance, 4), one = new double[4], two = new double[4];
        var engine = new CircuitEngine(circuit, 2);
        Assert.Equal(engine.Gradient(inputs, shared, 100, Linear([1, 2, 3, 4, 5]), one), engine.Gradient(inputs, shared, 100, Linear([1, 2, 3, 4, 5]), two, threads: 3));
        Assert.Equal(one, two);
    }

    [Fact]
    public void SinglePrecisionIsDoubleButForItsRounding()
    {
        var chance = new Chance(5, Streams.Sampling);
        Circuit circuit = RandomCircuits.Draw(7, 6, 80, parameters: 6);
        double[] inputs = Values(chance, 20 * 2), shared = Values(chance, 4);
        double[] expected = new CircuitEngine(circuit, 2).Expectations(inputs, shared, 20), z = new CircuitEngine(circuit, 2, Precision.Single).Expectations(inputs, shared, 20);
        double worst = expected.Zip(z, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 1e-9, 1e-5);
    }

    [Fact]
    public void EveryWidthOfVectorSaysTheSame()
    {
        var chance = new Chance(6, Streams.Sampling);
        Circuit circuit = RandomCircuits.Draw(8, 5, 60, parameters: 5);
        double[] inputs = Values(chance, 2 * 2), shared = Values(chance, 3), weights = Values(chance, 2 * 5);
        var plan = Plan.Of(circuit);
        (double[] Z, double[] Slopes)[] all =
        [
            Run(new Pass<Lanes128<double>, System.Runtime.Intrinsics.Vector128<double>, double>(plan, 2)),
            Run(new Pass<Lanes256<double>, System.Runtime.Intrinsics.Vector256<double>, double>(plan, 2)),
            Run(new Pass<Lanes512<double>, System.Runtime.Intrinsics.Vector512<double>, double>(plan, 2)),
        ];
        foreach ((double[] z, double[] slopes) in all)
        {
            Assert.InRange(z.Zip(all[0].Z, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-13);
            Assert.InRange(slopes.Zip(all[0].Slopes, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-12);
        }

        (double[], double[]) Run(IGroup group)
        {
            double[] z = new double[10], slopes = new double[3];
            group.Share(shared);
            group.Take(inputs, 2);
            group.Forth();
            group.Expectations(z, 2);
            group.Back(weights, 2, slopes, []);
            return (z, slopes);
        }
    }

    [Theory]
    [InlineData(4, 0), InlineData(5, 1), InlineData(6, 2), InlineData(7, 2), InlineData(8, 3), InlineData(9, 6)]
    public void AmplitudesInTheLanesAndChunksOfAnySizeSayTheSame(int qubits, int chunkBits)
    {
        var chance = new Chance(7, Streams.Sampling);
        for (ulong seed = 0; seed < 12; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, qubits, 60, parameters: 5);
            double[] inputs = Values(chance, 2), shared = Values(chance, 3), weights = Values(chance, qubits);
            var plan = Plan.Of(circuit);
            var expected = Run(new Pass<Lanes256<double>, System.Runtime.Intrinsics.Vector256<double>, double>(plan, 2));
            foreach (IGroup group in new IGroup[]
            {
                new SinglePass<Lanes512<double>, System.Runtime.Intrinsics.Vector512<double>, double>(plan, 2, 1, chunkBits),
                new SinglePass<Lanes256<double>, System.Runtime.Intrinsics.Vector256<double>, double>(plan, 2, 3, chunkBits),
                new SinglePass<Lanes128<double>, System.Runtime.Intrinsics.Vector128<double>, double>(plan, 2, 2, chunkBits),
            })
            {
                var actual = Run(group);
                Assert.InRange(expected.Z.Zip(actual.Z, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-12);
                Assert.InRange(expected.Slopes.Zip(actual.Slopes, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-11);
            }

            (double[] Z, double[] Slopes) Run(IGroup group)
            {
                double[] z = new double[qubits], slopes = new double[3], theirs = new double[2];
                group.Share(shared);
                group.Take(inputs, 1);
                group.Forth();
                group.Expectations(z, 1);
                group.Back(weights, 1, slopes, theirs);
                return (z, [.. slopes, .. theirs]);
            }
        }
    }

    [Fact]
    public void ALargeCircuitIsTheReferencesAndThreadsChangeNoBit()
    {
        var chance = new Chance(8, Streams.Sampling);
        Circuit circuit = RandomCircuits.Draw(9, 15, 120, parameters: 3);
        double[] values = Values(chance, 3), one = new double[3], two = new double[3], weights = Values(chance, 15);
        var engine = new CircuitEngine(circuit, 0);
        double[] z = engine.Expectations([], values, 1), expected = Z(circuit.Bind(values));
        Assert.InRange(z.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-12);
        Assert.Equal(engine.Gradient([], values, 1, Linear(weights), one), engine.Gradient([], values, 1, Linear(weights), two, threads: 2));
        Assert.Equal(one, two);
    }

    [Fact]
    public void WhatCannotBeRunSaysWhatItWouldTake()
    {
        Assert.Contains("16 TiB", Assert.Throws<HoneException>(() => new CircuitEngine(Circuit.Of(40, []), 0)).Message, StringComparison.Ordinal);
        Assert.Contains("got measure", Assert.Throws<HoneException>(() => new CircuitEngine(Circuit.Of(1, [new Instruction.Measure(0, 0)]), 0)).Message, StringComparison.Ordinal);
    }

    private static SampleLoss Linear(double[] weights) => (_, z, slopes) =>
    {
        double loss = 0;
        for (int q = 0; q < z.Length; q++) (slopes[q], loss) = (weights[q], loss + weights[q] * z[q]);
        return loss;
    };

    private static double[] Z(Circuit circuit)
    {
        double[] p = ReferenceState.Of(circuit).Probabilities();
        return [.. Enumerable.Range(0, circuit.Qubits).Select(q => Enumerable.Range(0, p.Length).Sum(i => (i >> q & 1) == 0 ? p[i] : -p[i]))];
    }

    private static double[] Values(Chance chance, int count) => [.. Enumerable.Range(0, count).Select(_ => (chance.NextDouble() - 0.5) * 6)];
}
