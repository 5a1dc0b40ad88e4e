using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>What may vary in a study; lists of choices, in the order that people gave.</summary>
/// <param name="Targets">The machines that tables can be made for.</param>
public sealed record CompVqcChoices(ValueList<AnsatzKind> Ansaetze, ValueList<int> Blocks, int Starts, ValueList<VqcWay> Ways, ValueList<double> Rates, ValueList<string> Targets);

/// <summary>The genes: circuit, first weights, way, rate, and the machine that it is compressed for. Without compression there is no rate and no machine.</summary>
public static class CompVqcSpace
{
    private static readonly (AnsatzKind Kind, string Name)[] Known =
    [
        (AnsatzKind.CompVqc, "compvqc"), (AnsatzKind.U3Cu3, "u3-cu3"), (AnsatzKind.RyCry, "ry-cry"), (AnsatzKind.ZzRy, "zz-ry"), (AnsatzKind.HardwareEfficient, "hardware-efficient"),
    ];

    public static IEnumerable<string> Ansaetze => Known.Select(k => k.Name);

    public static AnsatzKind Parse(string name) => Known.First(k => k.Name == name).Kind;

    public static string Name(AnsatzKind kind) => Known.First(k => k.Kind == kind).Name;

    public static SearchSpace Build(CompVqcChoices choices)
    {
        ValueList<VqcWay> ways = Ordered(choices.Ways);
        Activation? compressed = ways[0] == VqcWay.Dense ? new Activation("way", 1) : null;
        return new SearchSpace(
            new Gene("ansatz", [.. choices.Ansaetze.AsEnumerable().Select(Name)]),
            Gene.Of("blocks", [.. choices.Blocks.AsEnumerable().Select(b => (double)b)]),
            Gene.Of("start", [.. Enumerable.Range(0, choices.Starts).Select(s => (double)s)]),
            new Gene("way", [.. ways.AsEnumerable().Select(w => w.Name())]),
            Gene.Of("rate", choices.Rates.Span) with { When = compressed },
            new Gene("target", choices.Targets, compressed));
    }

    /// <summary>The candidate's plan.</summary>
    public static VqcPlan Of(Candidate candidate, CompVqcChoices choices)
    {
        VqcWay way = Ordered(choices.Ways)[candidate.Choices[3]];
        return new VqcPlan(choices.Ansaetze[candidate.Choices[0]], choices.Blocks[candidate.Choices[1]], candidate.Choices[2], way,
            way == VqcWay.Dense ? 0 : choices.Rates[candidate.Choices[4]], candidate.Choices[5]);
    }

    /// <summary>All circuits that candidates begin with.</summary>
    public static IEnumerable<VqcCircuitKey> Circuits(CompVqcChoices choices) =>
        from ansatz in choices.Ansaetze.AsEnumerable() from blocks in choices.Blocks.AsEnumerable() from start in Enumerable.Range(0, choices.Starts) select new VqcCircuitKey(ansatz, blocks, start);

    // Dense first: what the other genes hang on has to be "at least" a choice.
    private static ValueList<VqcWay> Ordered(ValueList<VqcWay> ways) => [.. ways.AsEnumerable().Order()];
}
