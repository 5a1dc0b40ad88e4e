using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class RerankingTests
{
    private static bool[] Answers(int images, double accuracy, uint seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        return [.. Enumerable.Range(0, images).Select(_ => chance.Happens(accuracy))];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void ThePairedErrorIsThatOfTheDifferencesImageByImage(int images)
    {
        bool[] a = Answers(images, 0.8, 1), b = Answers(images, 0.7, 2);
        double[] d = [.. a.Zip(b, (x, y) => (x ? 1.0 : 0) - (y ? 1 : 0))];
        double mean = d.Average(), variance = d.Average(v => (v - mean) * (v - mean));
        PairedError error = PairedErrors.OfCorrect([PairedErrors.Pack(a), PairedErrors.Pack(b)], images);
        Assert.Equal(Math.Sqrt(variance / images), error(0, 1), 1e-12);
        Assert.Equal(error(0, 1), error(1, 0), 1e-15);
        Assert.Equal(0, error(0, 0));
    }

    [Fact]
    public void TheBoundIsNeverBelowTheErrorOfRealAnswers()
    {
        const int Images = 200;
        for (uint seed = 0; seed < 200; seed++)
        {
            bool[] a = Answers(Images, Problems.Hash($"{seed}", 1), seed), b = Answers(Images, Problems.Hash($"{seed}", 2), seed + 1000);
            double[] accuracy = [a.Count(x => x) / (double)Images, b.Count(x => x) / (double)Images];
            double real = PairedErrors.OfCorrect([PairedErrors.Pack(a), PairedErrors.Pack(b)], Images)(0, 1);
            Assert.True(PairedErrors.Bound(accuracy, Images)(0, 1) >= real);
        }
        Assert.Equal(Math.Sqrt(0.2 / 100), PairedErrors.Bound([0.9, 0.9], 100)(0, 1), 1e-12);
    }

    [Fact]
    public void ACandidateIsChosenWhenItsIntervalReachesEveryFrontMemberThatDominatesIt()
    {
        // Latency rises; the front is 0, 2, 4. Errors are 1 point each.
        double[] accuracy = [0.80, 0.79, 0.85, 0.829, 0.90, 0.87], latency = [1, 2, 3, 4, 5, 6];
        Assert.Equal([0, 1, 2, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 0.01));
        Assert.Equal([0, 1, 2, 3, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 0.0106));
        Assert.Equal([0, 2, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 0));
        Assert.Equal([0, 1, 2, 3, 4, 5], Reranking.Candidates(accuracy, latency, 1, (_, _) => 1));
    }

    [Fact]
    public void ALimitKeepsTheFrontAndThoseThatReachItByTheWidestMargin()
    {
        // Margins with an error of 1: 1 lacks 0.01, 3 lacks 0.021, 5 lacks 0.03.
        double[] accuracy = [0.80, 0.79, 0.85, 0.829, 0.90, 0.87], latency = [1, 2, 3, 4, 5, 6];
        Assert.Equal([0, 1, 2, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 1, most: 1));
        Assert.Equal([0, 1, 2, 3, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 1, most: 2));
        Assert.Equal([0, 2, 4], Reranking.Candidates(accuracy, latency, 1, (_, _) => 1, most: 0));
    }

    [Fact]
    public void WithoutExactLossesOnlyTheBestIsTheFront()
        => Assert.Equal([1, 2], Reranking.Candidates([0.5, 0.8, 0.79], [], 0, (_, _) => 0.01));

    [Fact]
    public void CandidatesThatAgreeOnNearlyAllImagesAreToldApartByFewImages()
    {
        // 1000 images, 100 wrong ones shared; the second misses 9 more: paired error 0.3 %, while two independent samples would have 1.4 %.
        const int Images = 1000;
        bool[] good = [.. Enumerable.Range(0, Images).Select(t => t >= 100)], worse = [.. Enumerable.Range(0, Images).Select(t => t >= 109)];
        double[] accuracy = [0.9, 0.891], latency = [1, 1];
        Assert.Equal([0], Reranking.Candidates(accuracy, latency, 1, PairedErrors.OfCorrect([PairedErrors.Pack(good), PairedErrors.Pack(worse)], Images)));
        Assert.Equal([0, 1], Reranking.Candidates(accuracy, latency, 1, PairedErrors.Bound(accuracy, Images)));
    }

    [Fact]
    public void ArraysOfOtherShapesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Reranking.Candidates([0.5, 0.6], [1], 1, (_, _) => 0));
        Assert.Throws<ArgumentException>(() => PairedErrors.OfCorrect([[1, 2]], 64));
    }
}
