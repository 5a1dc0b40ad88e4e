using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Noise;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

/// <summary>The fast density matrices are held to the slow ones.</summary>
public class NoisyEngineTests
{
    [Theory]
    [InlineData("cx"), InlineData("cz"), InlineData("ecr")]
    public void ReadingsAreTheReferences(string entangler)
    {
        Backend machine = SmallMachine.Of(4, entangler: entangler);
        var noise = new NoiseModel(machine);
        var chance = new Chance(1, Streams.Sampling);
        for (ulong seed = 0; seed < 6; seed++)
        {
            Transpiled made = Transpiler.Run(RandomCircuits.Draw(seed, 3, 12, parameters: 3), Target.Of(machine));
            double[] inputs = [.. Enumerable.Range(0, 9 * 2).Select(_ => chance.NextDouble() * 6)], shared = [chance.NextDouble() * 6];
            double[] readings = new NoisyEngine(made.Circuit, noise, [.. made.Final.AsEnumerable()], 2).Readings(inputs, shared, 9, threads: 2);
            foreach (int sample in new[] { 0, 8 })
            {
                Circuit bound = made.Circuit.Bind([inputs[2 * sample], inputs[2 * sample + 1], shared[0]]);
                bound = bound with
                {
                    BitRegisters = [new Register("c", 0, 3)],
                    Instructions = [.. bound.Instructions.AsEnumerable(), .. made.Final.AsEnumerable().Select((q, i) => new Instruction.Measure(q, i))],
                };
                SortedDictionary<long, double> expected = Outcomes.Of(bound, noise);
                for (int reading = 0; reading < 8; reading++) Assert.Equal(expected.GetValueOrDefault(reading), readings[sample * 8 + reading], 1e-12);
            }
        }
    }

    [Fact]
    public void WaitingCosts()
    {
        var noise = new NoiseModel(SmallMachine.Of(2));
        Circuit Waits(double seconds) => Circuit.Of(2, [new Instruction.Apply(StandardGates.X, [], [0]), new Instruction.Delay(seconds, false, [0])]);
        double Ones(double seconds) => new NoisyEngine(Waits(seconds), noise, [0], 0).Readings([], [], 1)[1];
        Assert.True(Ones(50e-6) < Ones(10e-6) - 0.05);
    }

    [Fact]
    public void OnlyTouchedQubitsAreHeld()
    {
        var noise = new NoiseModel(SmallMachine.Of(30));
        Assert.Equal(2, new NoisyEngine(Circuit.Of(30, [new Instruction.Apply(StandardGates.X, [], [29])]), noise, [29], 0).Readings([], [], 1).Length);
        Circuit all = Circuit.Of(30, Enumerable.Range(0, 30).Select(q => new Instruction.Apply(StandardGates.X, [], [q])));
        Assert.Contains("at most 12 qubits, got 30", Assert.Throws<HoneException>(() => new NoisyEngine(all, noise, [0], 0)).Message, StringComparison.Ordinal);
    }
}
