using Hone.Model;

namespace Hone.Search;

/// <summary>
/// A made-up problem with the 38 genes of the Quasar-ViT space (width, depth, six blocks of six genes) and two objectives that pull apart: more of
/// everything costs latency and buys accuracy with falling returns, and every gene has a value that suits its neighbours best. For benchmarks
/// and tests of searchers; its numbers mean nothing.
/// </summary>
internal static class QuasarShapedProblem
{
    public static ValueList<Objective> Objectives { get; } =
        [new("accuracy", Direction.Maximize, "%"), new("latency_us", Direction.Minimize, "us")];

    public static SearchSpace Space { get; } = Build();

    public static Outcome Evaluate(Candidate candidate)
    {
        ReadOnlySpan<int> c = candidate.Choices;
        int depth = 4 + c[1];
        double width = (2 + c[0]) / 4.0, latency = 5 * width, error = 3;
        for (int b = 0; b < depth; b++)
        {
            ReadOnlySpan<int> block = c.Slice(2 + 6 * b, 6);   // h, R, then four ratios
            double size = (2 + block[0]) * 0.5 + (2 + block[1]), capacity = 0;
            for (int g = 2; g < 6; g++)
            {
                capacity += Math.Sqrt(block[g] / 4.0) * (1 + 0.3 * Math.Cos(3 * b + g));
                latency += width * size * (1 + block[g] / 4.0) * (g == 2 ? 3 : 1);
            }
            double mismatch = Math.Abs(block[1] - (b + c[0]) % 3) + 0.5 * Math.Abs(block[2] - block[3]);
            error += 0.6 * mismatch + 14.0 / (depth * (1 + width * (0.5 + 0.5 * block[0]) + capacity));
        }
        return new Outcome.Evaluated([
            new("accuracy", 100 - error, "%", Origin.Simulated), new("latency_us", latency, "us", Origin.Simulated)]);
    }

    private static SearchSpace Build()
    {
        List<Gene> genes = [Gene.Of("E", 32, 48, 64), Gene.Of("L", 4, 5, 6)];
        for (int b = 0; b < 6; b++)
        {
            Activation? when = b < 4 ? null : new Activation("L", b - 3);
            foreach (string name in (ReadOnlySpan<string>)["h", "R"])
                genes.Add(Gene.Of($"b{b}.{name}", 2, 3, 4) with { Block = $"b{b}", When = when });
            foreach (string name in (ReadOnlySpan<string>)["qkv", "proj", "fc1", "fc2"])
                genes.Add(Gene.Of($"b{b}.r_{name}", 0, 0.25, 0.5, 0.75, 1) with { Block = $"b{b}", When = when });
        }
        return new SearchSpace([.. genes]);
    }
}
