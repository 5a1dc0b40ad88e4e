using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.Tests;

public class CrossedBootstrapTests
{
    private const int Samples = 200;

    /// <summary>Answers of nets that are right with these probabilities, (nets)(samples).</summary>
    private static float[][] Nets(Chance chance, params double[] right) =>
        [.. right.Select(p => Enumerable.Range(0, Samples).Select(_ => chance.Happens(p) ? 1f : 0f).ToArray())];

    [Fact]
    public void TheMeanIsThatOfTheClustersMeansOverTheRepetitionsThatHaveTheFigure()
    {
        float[] all = [1, 1, 1, 1], half = [1, 1, 0, 0];
        float[][][][] right = [[[all], [half]], [[half], [half]]];
        Estimate?[] found = CrossedBootstrap.Of(right, (c, r, accuracies) => [accuracies[0], c == 1 && r == 1 ? double.NaN : accuracies[0], double.NaN], seed: 1, resamples: 50);
        Assert.Equal(62.5, found[0]!.Mean, 1e-9);
        Assert.Equal((62.5, 3, 2), (found[1]!.Mean, found[1]!.Count, found[1]!.Clusters));
        Assert.Null(found[2]);
    }

    [Fact]
    public void PairedAnswersToTheSameSamplesLeaveTheirDifferenceNoWidth()
    {
        float[] right = Nets(new Chance(1, 90), 0.7)[0];
        float[][][][] both = [[[right, right]], [[right, right]]];
        Estimate?[] found = CrossedBootstrap.Of(both, (_, _, a) => [a[0] - a[1], a[0]], seed: 1, resamples: 200);
        Assert.Equal((0, 0), (found[0]!.Low, found[0]!.High));
        Assert.True(found[1]!.High - found[1]!.Low > 5);   // about four standard errors of 3.2 points
    }

    [Fact]
    public void ADifferenceFromSamplingAloneIsCoveredAsOftenAsPromised()
    {
        int held = 0;
        const int Trials = 200;
        for (int t = 0; t < Trials; t++)
        {
            var chance = new Chance((ulong)t, 91);
            float[][][][] right = [.. Enumerable.Range(0, 8).Select(_ => (float[][][])[Nets(chance, 0.8, 0.8)])];
            Estimate found = CrossedBootstrap.Of(right, (_, _, a) => [a[0] - a[1]], (ulong)t, 300)[0]!;
            if (found.Low <= 0 && found.High >= 0) held++;
        }
        Assert.InRange(held, 0.93 * Trials, Trials);       // both stages draw, so it is a little too wide
    }

    [Fact]
    public void TheSameSeedGivesTheSameInterval()
    {
        float[][][][] right = [.. Enumerable.Range(0, 3).Select(c => (float[][][])[Nets(new Chance((ulong)c, 92), 0.6), Nets(new Chance((ulong)c, 93), 0.7)])];
        Estimate Of(ulong seed) => CrossedBootstrap.Of(right, (_, _, a) => [a[0]], seed, 100)[0]!;
        Assert.Equal(Of(5), Of(5));
        Assert.NotEqual(Of(5).Low, Of(6).Low);
    }

    [Fact]
    public void AnswersSurviveTheirText()
    {
        bool[] right = [true, false, false, true, true, false, true, true, false, true, true];
        string bits = Convert.ToBase64String(new Neural.CorrectBits(right).ToBytes());
        Assert.Equal(right.Select(r => r ? 1f : 0f), CrossedBootstrap.Right(bits, right.Length));
    }
}
