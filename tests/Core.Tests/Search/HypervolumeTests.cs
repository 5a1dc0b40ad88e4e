using Hone.Search;

namespace Hone.Core.Tests.Search;

public class HypervolumeTests
{
    /// <summary>By definition: cut space at all coordinates, add up the cells whose lower corner some point covers. O(n^m n m).</summary>
    private static double Slowly(double[] losses, int m, double[] reference)
    {
        int n = losses.Length / m;
        double[][] cuts = new double[m][];
        for (int k = 0; k < m; k++)
        {
            var values = new SortedSet<double> { reference[k] };
            for (int i = 0; i < n; i++)
                if (losses[i * m + k] < reference[k]) values.Add(losses[i * m + k]);
            cuts[k] = [.. values];
        }
        double volume = 0;
        int[] cell = new int[m];
        while (true)
        {
            double size = 1;
            for (int k = 0; k < m; k++) size *= cell[k] + 1 < cuts[k].Length ? cuts[k][cell[k] + 1] - cuts[k][cell[k]] : 0;
            bool covered = false;
            for (int i = 0; i < n && !covered && size > 0; i++)
            {
                covered = true;
                for (int k = 0; k < m; k++) covered &= losses[i * m + k] <= cuts[k][cell[k]];
            }
            if (covered) volume += size;
            int axis = 0;
            while (axis < m && ++cell[axis] >= cuts[axis].Length) cell[axis++] = 0;
            if (axis == m) return volume;
        }
    }

    public static IEnumerable<(double[] Losses, int M)> Sets()
    {
        for (uint seed = 0; seed < 12; seed++)
            foreach ((int m, int n) in ((int, int)[])[(1, 9), (2, 33), (3, 17), (4, 8), (5, 5)])
            {
                yield return (ParetoPoints.Uniform(n, m, seed), m);
                yield return (ParetoPoints.Grid(n, m, 3, seed), m);
                yield return (ParetoPoints.Plane(n, m, seed), m);
            }
    }

    [Fact]
    public void TheSweepsAndWfgGiveTheCellByCellVolume()
    {
        foreach ((double[] losses, int m) in Sets())
        {
            double[] reference = new double[m];
            Array.Fill(reference, 0.9);   // some points lie outside
            Assert.Equal(Slowly(losses, m, reference), Hypervolume.Of(losses, m, reference), 1e-12);
        }
    }

    [Fact]
    public void AContributionIsTheVolumeLostWithoutThePoint()
    {
        foreach ((double[] losses, int m) in Sets())
        {
            double[] reference = new double[m];
            Array.Fill(reference, 0.95);
            double[] contributions = Hypervolume.Contributions(losses, m, reference);
            double whole = Hypervolume.Of(losses, m, reference);
            for (int i = 0; i < contributions.Length; i++)
            {
                double[] others = [.. losses[..(i * m)], .. losses[((i + 1) * m)..]];
                Assert.Equal(whole - Hypervolume.Of(others, m, reference), contributions[i], 1e-12);
            }
        }
    }

    [Fact]
    public void KnownVolumes()
    {
        Assert.Equal(0, Hypervolume.Of([], 2, [1, 1]));
        Assert.Equal(6, Hypervolume.Of([1, 3, 2, 2, 3, 1, 3, 3], 2, [4, 4]));
        Assert.Equal(7, Hypervolume.Of([0, 0, 1, 0, 1, 0, 1, 0, 0], 3, [2, 2, 2]));
        Assert.Equal(0, Hypervolume.Of([5, 0, 4, 4], 2, [4, 4]));
        Assert.Equal([1, 1, 1, 0], Hypervolume.Contributions([1, 3, 2, 2, 3, 1, 3, 3], 2, [4, 4]));
        Assert.Equal([0, 0], Hypervolume.Contributions([1, 1, 1, 1], 2, [4, 4]));
    }

    [Fact]
    public void TheGreedyChoiceAddsTheMostEachTimeAndTakesTheLowerRowOfEqualOnes()
    {
        double[] losses = [0, 10, 1, 9, 5, 5, 5, 5, 10, 0];
        Assert.Equal(2, Hypervolume.ChooseByContribution(losses, 2, 1)[0]);
        Assert.Equal([0, 1, 2, 3, 4], Hypervolume.ChooseByContribution(losses, 2, 9).Order());
        Assert.Empty(Hypervolume.ChooseByContribution(losses, 2, 0));
        for (uint seed = 0; seed < 10; seed++)
        {
            double[] cloud = ParetoPoints.Plane(30, 3, seed), reference = Hypervolume.ReferenceOf(cloud, 3), chosen = [];
            foreach (int row in Hypervolume.ChooseByContribution(cloud, 3, 6))
            {
                double best = Enumerable.Range(0, 30).Max(i => Hypervolume.Of([.. chosen, .. cloud.AsSpan(3 * i, 3)], 3, reference));
                chosen = [.. chosen, .. cloud.AsSpan(3 * row, 3)];
                Assert.Equal(best, Hypervolume.Of(chosen, 3, reference), 1e-12);
            }
        }
    }

    [Fact]
    public void AReferenceWithoutEndIsRefused()
        => Assert.Throws<ArgumentException>(() => Hypervolume.Of([1, 1], 2, [double.PositiveInfinity, 2]));
}
