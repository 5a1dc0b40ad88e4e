using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Quantum.Backends;

namespace Hone.Core.Tests.Quantum;

/// <summary>Files of a made-up machine: a line of qubits with cx, as published files look.</summary>
internal static class SmallMachine
{
    public static JsonObject Configuration(int qubits, string entangler = "cx") => new()
    {
        ["backend_name"] = "made_up",
        ["n_qubits"] = qubits,
        ["basis_gates"] = new JsonArray(entangler, "id", "rz", "sx", "x"),
        ["coupling_map"] = new JsonArray([.. Pairs(qubits).Select(p => (JsonNode)new JsonArray(p.A, p.B))]),
        ["dt"] = 0.2222,
    };

    public static JsonObject Properties(int qubits, ulong seed = 1, string entangler = "cx")
    {
        var chance = new Chance(seed, Streams.Sampling);
        var gates = new JsonArray();
        foreach (string name in new[] { "id", "sx", "x" })
            for (int q = 0; q < qubits; q++) gates.Add(Gate(name, 1e-3 * chance.NextDouble(), 35.5, q));
        for (int q = 0; q < qubits; q++) gates.Add(Gate("rz", 0, 0, q));
        foreach ((int a, int b) in Pairs(qubits)) gates.Add(Gate(entangler, 0.005 + 0.03 * chance.NextDouble(), 250 + 300 * chance.NextDouble(), a, b));
        return new JsonObject
        {
            ["backend_name"] = "made_up",
            ["backend_version"] = "1.0",
            ["last_update_date"] = "2021-03-15",
            ["qubits"] = new JsonArray([.. Enumerable.Range(0, qubits).Select(_ => (JsonNode)new JsonArray(
                Value("T1", "us", 40 + 60 * chance.NextDouble()), Value("T2", "us", 20 + 150 * chance.NextDouble()), Value("frequency", "GHz", 5),
                Value("prob_meas0_prep1", "", 0.1 * chance.NextDouble()), Value("prob_meas1_prep0", "", 0.05 * chance.NextDouble()), Value("readout_length", "ns", 5000)))]),
            ["gates"] = gates,
        };
    }

    public static Backend Of(int qubits, ulong seed = 1, string entangler = "cx") => BackendReader.Read(Configuration(qubits, entangler).ToJsonString(), Properties(qubits, seed, entangler).ToJsonString());

    private static IEnumerable<(int A, int B)> Pairs(int qubits) => Enumerable.Range(0, qubits - 1).SelectMany(q => new[] { (q, q + 1), (q + 1, q) });

    private static JsonObject Gate(string name, double error, double length, params int[] qubits) => new()
    {
        ["gate"] = name,
        ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}{string.Join("_", qubits)}"),
        ["qubits"] = new JsonArray([.. qubits.Select(q => (JsonNode)q)]),
        ["parameters"] = new JsonArray(Value("gate_error", "", error), Value("gate_length", "ns", length)),
    };

    private static JsonObject Value(string name, string unit, double value) => new() { ["name"] = name, ["unit"] = unit, ["value"] = value, ["date"] = "2021-03-15" };
}
