using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Transpiling;
using Hone.Search;

namespace Hone.Benchmarks.CompVqc;

/// <summary>What the transpiler's levels are worth on circuits that everybody knows.</summary>
internal sealed class TranspilerPart(int seeds)
{
    private static readonly string[] Machines = ["guadalupe", "brisbane"];

    private static readonly (string Name, Func<ulong, Circuit> Of)[] Families =
    [
        ("GHZ, 8 qubits", _ => CircuitFamilies.Ghz(8)), ("GHZ, 16 qubits", _ => CircuitFamilies.Ghz(16)), ("QFT, 6 qubits", _ => CircuitFamilies.Qft(6)), ("QFT, 10 qubits", _ => CircuitFamilies.Qft(10)),
        ("adder, 4 bits", _ => CircuitFamilies.Adder(4)), ("QAOA, 10 qubits, 2 layers", seed => CircuitFamilies.Qaoa(10, 2, seed)), ("VQE, 10 qubits, 4 layers", seed => CircuitFamilies.Vqe(10, 4, seed)),
    ];

    public EvidencePart Part => new("transpiler", "Levels of the transpiler against no optimisation (level 0: placed in order, routed, translated)",
        new(() => [.. from machine in Machines from family in Families from seed in Enumerable.Range(1, seeds) select Of(machine, family, (ulong)seed)]), Rows,
        ["Seeds draw the search for places, and of QAOA and VQE the graph and the angles. Ratios are level 0 over the level; depth without rz."]);

    private static Unit Of(string machine, (string Name, Func<ulong, Circuit> Of) family, ulong seed) =>
        new($"transpiler/{machine}/{family.Name}/{seed}", new JsonObject { ["revision"] = VqcScale.Revision, ["machine"] = machine, ["calibration"] = BackendCatalog.Find(machine).Calibration, ["family"] = family.Name, ["seed"] = seed },
            new Cost(10_000, 0), [], _ => new UnitResult(new JsonObject
            {
                ["levels"] = new JsonArray([.. Enumerable.Range(0, 4).Select(level =>
                {
                    CircuitCost cost = Transpiler.Run(family.Of(seed), Target.Of(BackendCatalog.Find(machine)), new TranspileOptions(level, seed)).Cost;
                    return (JsonNode)new JsonObject { ["pairs"] = cost.TwoQubit, ["depth"] = cost.DepthWithoutFrames, ["error"] = cost.LogError };
                })]),
            }));

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        foreach (string machine in Machines)
            foreach (var family in Families)
            {
                JsonArray[] found = [.. Enumerable.Range(1, seeds).Select(seed => findings[Of(machine, family, (ulong)seed)]["levels"]!.AsArray())];
                double Mean(int level, string key) => found.Average(f => (double)f[level]![key]!);
                Estimate Ratio(int level, string key) => PairedBootstrap.Of([.. found.Select(f => new[] { (double)f[0]![key]! / (double)f[level]![key]! })], 1);
                string counts = string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Enumerable.Range(0, 4).Select(l => Mean(l, "pairs").ToString("0.#", CultureInfo.InvariantCulture)))} at levels 0 to 3");
                yield return new($"{machine}, {family.Name}", "level 0 over level 3", "gates on two qubits", Origin.Simulated, Ratio(3, "pairs"), Note: counts);
                yield return new($"{machine}, {family.Name}", "level 0 over level 3", "depth", Origin.Simulated, Ratio(3, "depth"), Note: string.Create(CultureInfo.InvariantCulture,
                    $"estimated success {Math.Exp(-Mean(0, "error")):0.000} at level 0, {Math.Exp(-Mean(3, "error")):0.000} at level 3"));
            }
    }
}
