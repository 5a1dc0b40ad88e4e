using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SearchQualityTests
{
    [Theory]
    [InlineData("nsga2")]
    [InlineData("evolution")]
    public void ItCoversMoreVolumeThanRandomSearchOverPairedSeeds(string algorithm)
    {
        const int Seeds = 12;
        double sum = 0, squares = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            double gain = Volume(algorithm, seed) - Volume("random", seed);
            sum += gain;
            squares += gain * gain;
        }
        double mean = sum / Seeds, error = Math.Sqrt((squares / Seeds - mean * mean) / (Seeds - 1));
        Assert.True(mean - 2.2 * error > 0, $"mean gain {mean:g4}, standard error {error:g3}");   // 2.2: the 97.5 % point of Student's t, 11 degrees
    }

    [Theory]
    [InlineData("nsga2")]
    [InlineData("evolution")]
    public void ItFindsTheOptimumOfAnEasyProblemThatChanceMisses(string algorithm)
    {
        // 12 genes of 4 choices: 16.8 million candidates; the loss counts the genes that are not at their best.
        var space = new SearchSpace([.. Enumerable.Range(0, 12).Select(g => Gene.Of($"g{g}", 0, 1, 2, 3))]);
        double Best(string searcher) =>
            Problems.Loop(searcher, 4, 1000, space: space, m: 1, population: 16).Run(a =>
            {
                int wrong = 0;
                for (int g = 0; g < 12; g++) wrong += a.Candidate.Choices[g] == g % 4 ? 0 : 1;
                return Problems.Values(wrong);
            }).Min(t => t.Value("f0") ?? 99);
        Assert.Equal(0, Best(algorithm));
        Assert.True(Best("random") > 2);
    }

    private static double Volume(string algorithm, ulong seed)
    {
        ValueList<Objective> objectives = QuasarShapedProblem.Objectives;
        var loop = new SearchLoop(SearcherCatalog.Create(new SearchSpec(algorithm, 32, 8), QuasarShapedProblem.Space, objectives, seed), objectives, 8, 352);
        var losses = new List<double>();   // (352, 2)
        foreach (Trial trial in loop.Run(a => QuasarShapedProblem.Evaluate(a.Candidate)))
            if (trial.Outcome is Outcome.Evaluated) losses.AddRange(Losses.Of(trial, objectives));
        return Hypervolume.Of([.. losses], 2, [-50, 500]);
    }
}
