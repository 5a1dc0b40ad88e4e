using System.Text.Json.Nodes;
using Hone.Client.Views;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Gates;
using Hone.Quantum.Noise;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone device calibrate quantum/NAME</c>: reads a machine's two files (or one that comes along) and says what they hold, and what they lack.</summary>
internal static class QuantumCalibration
{
    public const string Prefix = "quantum/";

    public static int Run(Terminal terminal, string device, Backend? given, bool json)
    {
        Backend machine = given ?? BackendCatalog.Find(device[Prefix.Length..]);
        _ = new NoiseModel(machine);   // every gate has its channel, or the files are refused here
        (string Name, double[] Values, string Unit)[] figures =
        [
            ("T1", [.. machine.QubitFigures.AsEnumerable().Select(q => q.T1 * 1e6)], "us"),
            ("T2", [.. machine.QubitFigures.AsEnumerable().Select(q => q.T2 * 1e6)], "us"),
            ("readout error", [.. machine.QubitFigures.AsEnumerable().Select(q => (q.OneForZero + q.ZeroForOne) / 2)], "1"),
            .. machine.Basis.AsEnumerable().Where(g => g != StandardGates.Rz && g != StandardGates.Id).SelectMany(g => Of(machine, g)),
        ];
        if (json) terminal.Out.WriteLine(Json(device, machine, figures).ToJsonString(JsonView.Options));
        else Show(terminal, device, machine, figures);
        return 0;
    }

    private static IEnumerable<(string, double[], string)> Of(Backend machine, Gate gate)
    {
        GateFigures[] works = [.. machine.GateFigures.AsEnumerable().Where(f => f.Gate == gate && f.Error < 1)];
        yield return ($"{gate} error", [.. works.Select(f => f.Error)], "1");
        yield return ($"{gate} length", [.. works.Select(f => f.Seconds * 1e9)], "ns");
    }

    private static JsonObject Json(string device, Backend machine, (string Name, double[] Values, string Unit)[] figures) => new()
    {
        ["device"] = device,
        ["machine"] = machine.Name,
        ["calibration"] = machine.Calibration,
        ["qubits"] = machine.Qubits,
        ["basis"] = new JsonArray([.. machine.Basis.AsEnumerable().Select(g => (JsonNode)g.Name)]),
        ["pairs"] = machine.Coupling.Count,
        ["figures"] = new JsonArray([.. figures.Select(f => (JsonNode)new JsonObject { ["name"] = f.Name, ["median"] = Median(f.Values), ["least"] = f.Values.Min(), ["most"] = f.Values.Max(), ["unit"] = f.Unit })]),
        ["notes"] = new JsonArray([.. machine.Notes.AsEnumerable().Select(n => (JsonNode)n)]),
    };

    private static void Show(Terminal terminal, string device, Backend machine, (string Name, double[] Values, string Unit)[] figures)
    {
        terminal.Out.WriteLine($"{device}: {machine.Name}, calibration {machine.Calibration}; {machine.Qubits} qubits, {string.Join(", ", machine.Basis)}, {machine.Coupling.Count} directed pairs");
        var table = new Table { Border = TableBorder.Simple }.AddColumns("of the calibration", "median", "least", "most", "unit");
        foreach (int numbers in new[] { 1, 2, 3 }) table.Columns[numbers].Alignment = Justify.Right;
        foreach ((string name, double[] values, string unit) in figures)
            table.AddRow(Markup.Escape(name), $"{Median(values):g4}", $"{values.Min():g4}", $"{values.Max():g4}", unit == "1" ? "" : unit);
        terminal.Screen.Write(table);
        foreach (string note in machine.Notes) terminal.Out.WriteLine(note);
    }

    private static double Median(double[] values) => MachineLine.Median(values);
}
