using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Tables;

public class NonNegativeLeastSquaresTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(7), InlineData(8)]
    public void CoefficientsThatAreNotNegativeAreFoundExactly(int columns)
    {
        var chance = new Chance(5, Streams.Sampling, (uint)columns);
        double[] truth = [.. Enumerable.Range(0, columns).Select(j => j % 3 == 2 ? 0 : Math.Pow(10, j - 3))];
        double[][] a = Random(chance, 30, columns);
        double[] found = NonNegativeLeastSquares.Solve(a, [.. a.Select(row => row.Zip(truth, (x, c) => x * c).Sum())]);
        for (int j = 0; j < columns; j++) Assert.Equal(truth[j], found[j], 1e-6 * Math.Max(1e-3, truth.Max()));
    }

    [Fact]
    public void ACoefficientThatWouldBeNegativeIsZeroAndTheOthersAreFittedWithoutIt()
    {
        // Unconstrained: y = 2 - x. Without the slope the best constant is the mean.
        double[] c = NonNegativeLeastSquares.Solve([[1, 0], [1, 1], [1, 2]], [2, 1, 0]);
        Assert.Equal(1, c[0], 1e-12);
        Assert.Equal(0, c[1]);
    }

    [Fact]
    public void TheSolutionMeetsTheConditionsOfKuhnAndTucker()
    {
        for (uint seed = 0; seed < 200; seed++)
        {
            var chance = new Chance(6, Streams.Sampling, seed);
            int columns = 1 + chance.Next(8);
            double[][] a = Random(chance, 1 + chance.Next(20), columns);
            double[] b = [.. a.Select(_ => chance.NextGaussian())], c = NonNegativeLeastSquares.Solve(a, b);
            for (int j = 0; j < columns; j++)
            {
                double gradient = 0;
                for (int r = 0; r < a.Length; r++) gradient += a[r][j] * (b[r] - a[r].Zip(c, (x, y) => x * y).Sum());
                Assert.True(c[j] >= 0);
                Assert.True(gradient < 1e-6, $"seed {seed}: column {j} would still lower the error");
                if (c[j] > 0) Assert.Equal(0, gradient, 1e-6);
            }
        }
    }

    [Fact]
    public void ColumnsThatAreZeroOrFollowFromOthersDoNoHarm()
    {
        double[] c = NonNegativeLeastSquares.Solve([[1, 2, 0, 1], [2, 4, 0, 1], [3, 6, 0, 1], [5, 10, 0, 1]], [3, 5, 7, 11]);
        Assert.Equal(0, c[2]);
        Assert.Equal(2, c[0] + 2 * c[1], 1e-9);
        Assert.Equal(1, c[3], 1e-9);
        Assert.Equal([0.0, 0], NonNegativeLeastSquares.Solve([[0, 0]], [1]));
        Assert.Empty(NonNegativeLeastSquares.Solve([], []));
    }

    private static double[][] Random(Chance chance, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => chance.NextDouble()).ToArray())];
}
