using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Noise;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone circuit simulate</c>: how likely each content of the classical bits is, exactly or in shots, without noise or on a noisy machine.</summary>
internal static class CircuitSimulate
{
    private const int MostRows = 64, MostShots = 100_000_000, BarWidth = 40;

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = CircuitVerb.File();
        var shots = new Option<int?>("--shots") { Description = "draw so many runs instead of exact probabilities" };
        var seed = new Option<ulong>("--seed") { Description = "of the shots" };
        var simulate = new Command("simulate", "How likely each content of the classical bits is; a circuit that measures nothing is measured at its end. With --backend: as that machine errs (the circuit is transpiled for it).") { file, shots, seed };
        MachineOptions machine = MachineOptions.AddTo(simulate);
        simulate.SetAction(parsed =>
        {
            Circuit circuit = CircuitFile.Read(parsed.GetValue(file)!).Circuit;
            if (circuit.Parameters.Count > 0) throw new HoneException($"expected a circuit without free parameters, got {string.Join(", ", circuit.Parameters)}: write their values into the file");
            circuit = Outcomes.Measured(circuit);
            SortedDictionary<long, double> outcomes = machine.Of(parsed) is { } backend
                ? Outcomes.Of(Transpiler.Run(circuit, Target.Of(backend)).Circuit, new NoiseModel(backend)) : Outcomes.Of(circuit);
            if (parsed.GetValue(shots) is { } runs) outcomes = Drawn(outcomes, runs, parsed.GetValue(seed));
            if (parsed.Json())
            {
                var probabilities = new JsonObject();
                foreach ((long bits, double p) in outcomes) probabilities[Outcomes.Text(bits, circuit.BitRegisters)] = p;
                terminal.Out.WriteLine(new JsonObject { ["probabilities"] = probabilities }.ToJsonString(JsonView.Options));
            }
            else Show(outcomes, circuit.BitRegisters, terminal);
            return 0;
        });
        return simulate;
    }

    /// <summary>Shares of so many draws.</summary>
    private static SortedDictionary<long, double> Drawn(SortedDictionary<long, double> outcomes, int shots, ulong seed)
    {
        if (shots is < 1 or > MostShots) throw new SpecException($"--shots: expected 1 to {MostShots}, got {shots}");
        return new(Outcomes.Draw(outcomes, shots, new Chance(seed, Streams.Sampling)).ToDictionary(c => c.Key, c => c.Value / (double)shots));
    }

    private static void Show(SortedDictionary<long, double> outcomes, ValueList<Register> registers, Terminal terminal)
    {
        double most = outcomes.Count == 0 ? 1 : outcomes.Values.Max();
        foreach ((long bits, double p) in outcomes.OrderByDescending(o => Math.Round(o.Value, 9)).Take(MostRows))
            terminal.Out.WriteLine($"{Outcomes.Text(bits, registers)}  {p:0.000000}  {new string('█', (int)Math.Round(BarWidth * p / most))}");
        if (outcomes.Count > MostRows) terminal.Out.WriteLine($"and {outcomes.Count - MostRows} that are less likely; --json prints all");
    }
}
