using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Devices;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>A quantum machine that comes along, with the medians of its calibration.</summary>
internal sealed record MachineLine(Backend Machine)
{
    private const string Sources = "calibration as Qiskit published it with its fake backends (Apache-2.0)";

    public string Name => QuantumDevice.Prefix + Machine.Name;

    public JsonObject Json() => new()
    {
        ["name"] = Name, ["kind"] = "quantum", ["origin"] = "Modelled", ["qubits"] = Machine.Qubits, ["pairs"] = Machine.Coupling.Count,
        ["basis"] = new JsonArray([.. Machine.Basis.AsEnumerable().Select(g => (JsonNode)g.Name)]), ["entangler_error"] = Error, ["t1_us"] = T1, ["calibration"] = Machine.Calibration, ["sources"] = Sources,
    };

    public static Table Table(IEnumerable<MachineLine> machines)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "machine", "gates", "calibration", "qubits", "pairs", "entangler error", "T1, us" }) table.AddColumn(column);
        for (int number = 3; number < table.Columns.Count; number++) table.Columns[number].Alignment = Justify.Right;
        foreach (MachineLine m in machines)
            table.AddRow(m.Name, string.Join(", ", m.Machine.Basis.AsEnumerable().Select(g => g.Name)), m.Machine.Calibration, Text(m.Machine.Qubits), Text(m.Machine.Coupling.Count), Text(m.Error), Text(m.T1));
        return table;
    }

    private double Error => Median(Machine.GateFigures.AsEnumerable().Where(f => f.Gate == Machine.Entangler).Select(f => f.Error));

    private double T1 => Median(Machine.QubitFigures.AsEnumerable().Select(q => q.T1 * 1e6));

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(double value) => value.ToString(value < 1 ? "0.####" : "#,0.#", CultureInfo.InvariantCulture);
}
