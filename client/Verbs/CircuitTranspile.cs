using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;
using Hone.Quantum.Transpiling;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone circuit transpile</c>: a circuit in a machine's gates, on its qubits.</summary>
internal static class CircuitTranspile
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = CircuitVerb.File();
        var level = new Option<int>("--level") { Description = "0 places, routes and translates; 1 also cancels; 2 also searches places; 3 also makes blocks of two qubits anew", DefaultValueFactory = _ => 3 };
        var trials = new Option<int>("--trials") { Description = "random beginnings of the search for places", DefaultValueFactory = _ => 8 };
        var seed = new Option<ulong>("--seed") { Description = "of the search for places" };
        var schedule = new Option<bool>("--schedule") { Description = "write what qubits wait for one another as delays (OpenQASM 3, with --backend)" };
        Option<string?> output = VerbOptions.Out("write the circuit to this file instead of the terminal");
        var version = new Option<int?>("--qasm") { Description = "2 or 3: the OpenQASM to write (default: the file's own)" };
        var transpile = new Command("transpile", "Say a circuit in a machine's gates, on its qubits; without --backend in cx, rz, sx and x on any qubits.") { file, level, trials, seed, schedule, output, version };
        MachineOptions machine = MachineOptions.AddTo(transpile);
        transpile.SetAction(parsed =>
        {
            (Circuit circuit, bool three) = CircuitFile.Read(parsed.GetValue(file)!);
            var options = new TranspileOptions(parsed.GetValue(level), parsed.GetValue(seed), parsed.GetValue(trials), parsed.GetValue(schedule));
            if (options.Level is < 0 or > 3) throw new SpecException($"--level: expected 0 to 3, got {options.Level}");
            if (options.Trials is < 1 or > 10_000) throw new SpecException($"--trials: expected 1 to 10,000, got {options.Trials}");
            if (parsed.GetValue(version) is { } asked) three = asked switch { 2 => false, 3 => true, _ => throw new SpecException($"--qasm: expected 2 or 3, got {asked}") };
            Target target = machine.Of(parsed) is { } backend ? Noted(backend, terminal) : Target.Ideal(circuit.Qubits);
            Transpiled plain = Transpiler.Run(circuit, target, options with { Level = 0 }), made = Transpiler.Run(circuit, target, options);
            if (options.Schedule && target.Backend is null) throw new SpecException("--schedule: expected --backend beside it, whose calibration says how long gates take");
            three |= options.Schedule;
            string text = three ? QasmWriter.Write3(made.Circuit) : QasmWriter.Write2(made.Circuit);
            if (parsed.GetValue(output) is { } path) CircuitFile.Write(path, text);
            else if (!parsed.Json()) terminal.Out.Write(text);
            if (parsed.Json()) terminal.Out.WriteLine(Json(target, plain, made).ToJsonString(JsonView.Options));
            else if (parsed.GetValue(output) is not null) terminal.Screen.Write(Costs(target, "level 0", plain.Cost, $"level {options.Level}", made.Cost));
            return 0;
        });
        return transpile;
    }

    private static Target Noted(Backend backend, Terminal terminal)
    {
        foreach (string note in backend.Notes) terminal.Error.WriteLine($"{backend.Name}: {note}");
        return Target.Of(backend);
    }

    private static JsonObject Json(Target target, Transpiled plain, Transpiled made) => new()
    {
        ["target"] = target.Name,
        ["without_optimisation"] = Json(plain.Cost, target),
        ["cost"] = Json(made.Cost, target),
        ["initial"] = new JsonArray([.. made.Initial.AsEnumerable().Select(p => (JsonNode)p)]),
        ["final"] = new JsonArray([.. made.Final.AsEnumerable().Select(p => (JsonNode)p)]),
    };

    internal static JsonObject Json(CircuitCost cost, Target target)
    {
        var json = new JsonObject { ["depth"] = cost.Depth, ["depth_without_rz"] = cost.DepthWithoutFrames, ["two_qubit_gates"] = cost.TwoQubit, ["one_qubit_gates"] = cost.Turns };
        if (target.Backend is null) return json;
        json["duration_us"] = Math.Round(cost.Seconds * 1e6, 4);
        if (cost.Waiting > 0) json["waiting_us"] = Math.Round(cost.Waiting * 1e6, 4);
        json["success_probability"] = Math.Round(cost.Success, 6);
        return json;
    }

    internal static Table Costs(Target target, string first, CircuitCost plain, string second, CircuitCost made)
    {
        string entangler = target.Entangler.Name;
        var table = new Table { Border = TableBorder.Simple }.AddColumns($"on {Markup.Escape(target.Name)}", first, second);
        void Row(string what, Func<CircuitCost, string> of) => table.AddRow(what, of(plain), of(made));
        Row(entangler, c => $"{c.TwoQubit}");
        Row("sx, x", c => $"{c.Turns}");
        Row("depth", c => $"{c.Depth}");
        Row("depth without rz", c => $"{c.DepthWithoutFrames}");
        if (target.Backend is null) return table;
        Row("duration, us (modelled)", c => $"{c.Seconds * 1e6:0.00}");
        if (made.Waiting > 0) Row("waiting, us, all qubits", c => $"{c.Waiting * 1e6:0.00}");
        Row("success probability (modelled)", c => $"{c.Success:0.0000}");
        return table;
    }
}
