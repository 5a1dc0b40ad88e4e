using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Qasm;
using Hone.Quantum.Transpiling;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone circuit compress</c>: a circuit with angles that a machine needs fewer gates for, whose state is still nearly the same.</summary>
internal static class CircuitCompress
{
    private const int MostQubits = 16;
    private static readonly string[] Ways = [.. new[] { VqcWay.Prune, VqcWay.Quantise, VqcWay.OneShot, VqcWay.Gradual, VqcWay.Admm }.Select(w => w.Name())];

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = CircuitVerb.File();
        var fidelity = new Option<double>("--fidelity") { Description = "how close the state must stay to the circuit's own", DefaultValueFactory = _ => 0.99 };
        var rate = new Option<double?>("--rate") { Description = "bring this share of the angles to levels, whatever the fidelity (default: what keeps --fidelity and costs least)" };
        var way = new Option<string>("--way") { Description = $"one of {string.Join(", ", Ways)}", DefaultValueFactory = _ => VqcWay.Admm.Name() };
        Option<string?> output = VerbOptions.Out("write the circuit to this file instead of the terminal");
        var compress = new Command("compress", "Bring a circuit's angles to values that make it short on a machine, the state that it makes of |0..0> being kept.") { file, fidelity, rate, way, output };
        MachineOptions machine = MachineOptions.AddTo(compress);
        compress.SetAction(parsed =>
        {
            (Circuit circuit, bool three) = CircuitFile.Read(parsed.GetValue(file)!);
            double least = parsed.GetValue(fidelity);
            if (least is not (> 0 and <= 1)) throw new SpecException($"--fidelity: expected a number above 0 and at most 1, got {least}");
            if (parsed.GetValue(rate) is { } share and not (> 0 and <= 1)) throw new SpecException($"--rate: expected a share above 0 and at most 1, got {share}");
            string named = parsed.GetValue(way)!;
            if (!Ways.Contains(named)) throw new SpecException($"--way: expected one of {string.Join(", ", Ways)}, got '{named}'");
            if (circuit.Qubits > MostQubits) throw new HoneException($"expected a circuit of at most {MostQubits} qubits, got {circuit.Qubits}: its state is compared after each of some hundred steps");
            Backend? backend = machine.Of(parsed);
            Target target = backend is null ? Target.Ideal(circuit.Qubits) : Target.Of(backend);
            var compression = new StateCompression(circuit, target, new CompVqcConfig());
            if (compression.Angles == 0) throw new HoneException("the circuit has no angles: there is nothing to compress; `hone circuit transpile` shortens it as it is");
            CompressedCircuit made = (parsed.GetValue(rate) is { } asked ? compression.At(asked, VqcWays.Parse(named)) : compression.Keeping(least, VqcWays.Parse(named)))
                ?? throw new HoneException($"no share of the circuit's {compression.Angles} angles can be brought to levels at a fidelity of {least}; ask for a lower --fidelity, or for a --rate");
            Circuit whole = made.Circuit with { BitRegisters = circuit.BitRegisters, Instructions = [.. made.Circuit.Instructions.AsEnumerable(), .. circuit.Instructions.AsEnumerable().OfType<Instruction.Measure>()] };
            CircuitCost before = Transpiler.Run(circuit, target).Cost, after = Transpiler.Run(whole, target).Cost;
            string text = three ? QasmWriter.Write3(whole) : QasmWriter.Write2(whole);
            if (parsed.GetValue(output) is { } path) CircuitFile.Write(path, text);
            else if (!parsed.Json()) terminal.Out.Write(text);
            if (parsed.Json()) terminal.Out.WriteLine(Json(target, made, before, after).ToJsonString(JsonView.Options));
            else if (parsed.GetValue(output) is not null) Show(terminal, target, made, before, after);
            return 0;
        });
        return compress;
    }

    private static JsonObject Json(Target target, CompressedCircuit made, CircuitCost before, CircuitCost after) => new()
    {
        ["target"] = target.Name, ["fidelity"] = made.Fidelity, ["rate"] = made.Rate,
        ["before"] = CircuitTranspile.Json(before, target), ["after"] = CircuitTranspile.Json(after, target),
    };

    private static void Show(Terminal terminal, Target target, CompressedCircuit made, CircuitCost before, CircuitCost after)
    {
        terminal.Out.WriteLine(FormattableString.Invariant($"{made.Rate:0%} of the angles at levels, fidelity {made.Fidelity:0.0000}"));
        terminal.Screen.Write(CircuitTranspile.Costs(target, "before", before, "compressed", after));
    }
}
