using Hone.Model;

namespace Hone.Search;

/// <summary>What searching itself costs, against its goals.</summary>
public static class SearchBench
{
    /// <summary>Measures NSGA-II and the Pareto functions; about three seconds on one core.</summary>
    public static ValueList<SearchFigure> Run(TimeProvider time, IProgress<Progress>? progress = null, int trials = 100_000)
    {
        var figures = new List<SearchFigure>();
        void Add(SearchFigure figure)
        {
            figures.Add(figure);
            progress?.Report(new Progress(figure.Name, figures.Count, 4));
        }
        MillisecondsPerTrial(time, trials / 20);   // warms the code up
        Add(new("nsga2, 38 genes, population 100, ask + tell + journal loop", MillisecondsPerTrial(time, trials), "ms/trial", 0.1, null));
        foreach (int m in (ReadOnlySpan<int>)[2, 3, 4])
        {
            double[] losses = Cloud(2000, m);
            NonDominated.Sort(losses, m);
            double fast = Seconds(time, 10, () => NonDominated.Sort(losses, m)), slow = Seconds(time, 1, () => NonDominated.SortSlowly(losses, m));
            Add(new($"non-dominated sort, n = 2,000, m = {m}", fast * 1e3, "ms", null, slow * 1e3));
        }
        return figures.ToValueList();
    }

    /// <summary>Asks, tells and commits with a window of 8; the made-up evaluation is timed apart and taken off.</summary>
    private static double MillisecondsPerTrial(TimeProvider time, int trials)
    {
        SearchSpace space = QuasarShapedProblem.Space;
        var loop = new SearchLoop(new Nsga2(space, QuasarShapedProblem.Objectives, 100, 1), QuasarShapedProblem.Objectives, 8, trials);
        TimeSpan evaluating = TimeSpan.Zero;
        long start = time.GetTimestamp();
        int count = 0;
        foreach (Trial _ in loop.Run(asked =>
        {
            long begun = time.GetTimestamp();
            Outcome outcome = QuasarShapedProblem.Evaluate(asked.Candidate);
            evaluating += time.GetElapsedTime(begun);
            return outcome;
        })) count++;
        return (time.GetElapsedTime(start) - evaluating).TotalMilliseconds / Math.Max(1, count);
    }

    private static double Seconds(TimeProvider time, int times, Action work)
    {
        long start = time.GetTimestamp();
        for (int i = 0; i < times; i++) work();
        return time.GetElapsedTime(start).TotalSeconds / times;
    }

    /// <summary>Uniform points, shape (n, m).</summary>
    private static double[] Cloud(int n, int m)
    {
        var chance = new Chance(1, Streams.Sampling);
        double[] losses = new double[n * m];
        for (int i = 0; i < losses.Length; i++) losses[i] = chance.NextDouble();
        return losses;
    }
}
