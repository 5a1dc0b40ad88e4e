using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Sparse;

public class BlockProjectionTests
{
    private static float[] Draw(int count, uint ordinal = 0)
    {
        var chance = new Chance(5, Streams.Weights, ordinal);
        return [.. Enumerable.Range(0, count).Select(_ => (float)chance.NextGaussian())];
    }

    [Theory]
    [InlineData(256, 256, 16, 64, 0.25, 0.75)]
    [InlineData(256, 256, 64, 256, 0.1, 0.75)]
    [InlineData(250, 131, 16, 30, 0.25, 0.5)]
    [InlineData(256, 256, 16, 64, 0.1, 1)]
    public void TheDensityIsNearWhatWasAskedForAndRowsTimesColumnsOfEachBlockAreKept(int m, int k, int height, int width, double density, double rows)
    {
        float[] w = Draw(m * k);
        Mask mask = BlockProjection.Project(w, m, k, new BlockPruning(height, width, density, rows));
        Assert.InRange(mask.Density, 0.97 * density, 1.03 * density);
        Assert.Equal((double)mask.Kept.Count(kept => kept) / (m * k), mask.Density);
        var densities = new HashSet<double>();
        foreach ((bool[] r, bool[] c, int kept, int size) in Blocks(mask, height, width))
        {
            Assert.Equal(r.Count(x => x) * c.Count(x => x), kept);
            densities.Add((double)kept / size);
        }
        Assert.True(densities.Count > 1);
        for (int i = 0; i < m; i++) Assert.Contains(true, mask.Kept[(i * k)..((i + 1) * k)]);
    }

    [Fact]
    public void RowsAndColumnsDifferFromBlockToBlock()
    {
        Mask mask = BlockProjection.Project(Draw(64 * 64), 64, 64, new BlockPruning(16, 16, 0.25));
        string[] rows = [.. Blocks(mask, 16, 16).Select(b => string.Concat(b.Rows.Select(x => x ? 1 : 0)))], columns = [.. Blocks(mask, 16, 16).Select(b => string.Concat(b.Columns.Select(x => x ? 1 : 0)))];
        Assert.True(rows.Distinct().Count() > 8);
        Assert.True(columns.Distinct().Count() > 8);
    }

    // Scored over the whole layer: strong blocks keep more.
    [Fact]
    public void WhatIsLargeIsKept()
    {
        const int m = 32, k = 32;
        float[] w = Draw(m * k);
        for (int i = 0; i < 16; i++)
        for (int j = 16; j < k; j++) w[i * k + j] *= 10;
        Mask mask = BlockProjection.Project(w, m, k, new BlockPruning(16, 16, 0.2));
        int strong = 0;
        for (int i = 0; i < 16; i++) strong += mask.Kept.AsSpan(i * k + 16, 16).Count(true);
        Assert.True(strong > 0.75 * mask.Count, $"{strong} of {mask.Count}");
        double Energy(Mask of) => w.Where((_, i) => of.Kept[i]).Sum(v => (double)v * v);
        Mask other = BlockProjection.Project(Draw(m * k, 1), m, k, new BlockPruning(16, 16, 0.2));
        Assert.True(Energy(mask) > 2 * Energy(other));
    }

    [Fact]
    public void TiesGoToTheLowerIndexAndTheSameWeightsGiveTheSameMask()
    {
        float[] w = new float[8 * 8];
        Array.Fill(w, 1);
        // Half the rows would leave the other outputs without inputs: they come back, and half the columns go instead.
        Mask mask = BlockProjection.Project(w, 8, 8, new BlockPruning(8, 8, 0.25, 0.5));
        for (int i = 0; i < 64; i++) Assert.Equal(i % 8 < 2, mask.Kept[i]);
        float[] drawn = Draw(40 * 30);
        Assert.Equal(BlockProjection.Project(drawn, 40, 30, new BlockPruning(8, 8, 0.2)).Kept, BlockProjection.Project(drawn, 40, 30, new BlockPruning(8, 8, 0.2)).Kept);
    }

    [Fact]
    public void AllIsKeptAtDensityOneAndSomethingOfEveryOutputAtTheLeast()
    {
        float[] w = Draw(30 * 20);
        Assert.All(BlockProjection.Project(w, 30, 20, new BlockPruning(8, 8, 1)).Kept, Assert.True);
        Mask least = BlockProjection.Project(w, 30, 20, new BlockPruning(8, 8, 1e-6));
        for (int i = 0; i < 30; i++) Assert.Contains(true, least.Kept[(i * 20)..((i + 1) * 20)]);
        least.Apply(w);
        Assert.Equal(least.Count, w.Count(v => v != 0));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Refused("expected 2 x 3 weights", () => BlockProjection.Project(new float[5], 2, 3, new BlockPruning(1, 1, 0.5)));
        Refused("expected blocks of at least 1 x 1, got 0 x 4", () => BlockProjection.Project(new float[6], 2, 3, new BlockPruning(0, 4, 0.5)));
        Refused("in (0, 1], got 0 and 0.75", () => BlockProjection.Project(new float[6], 2, 3, new BlockPruning(4, 4, 0)));
        Refused("expected 2 x 3 weights, got 5", () => new Mask(2, 3, new bool[6]).Apply(new float[5]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(8, 9)]
    [InlineData(17, 31)]
    public void AMaskReturnsFromItsBits(int m, int k)
    {
        Mask mask = BlockProjection.Project(Draw(m * k), m, k, new BlockPruning(4, 4, 0.3));
        byte[] bits = mask.Pack();
        Assert.Equal((m * k + 7) / 8, bits.Length);
        Assert.Equal(mask.Kept, Mask.Unpack(bits, m, k).Kept);
        Assert.Throws<HoneException>(() => Mask.Unpack(bits, m + 8, k));
    }

    private static void Refused(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);

    /// <summary>The kept rows and columns of each block, how many weights it keeps and how many it has.</summary>
    private static IEnumerable<(bool[] Rows, bool[] Columns, int Kept, int Size)> Blocks(Mask mask, int height, int width)
    {
        for (int top = 0; top < mask.Outputs; top += height)
        for (int left = 0; left < mask.Inputs; left += width)
        {
            bool[] rows = new bool[Math.Min(height, mask.Outputs - top)], columns = new bool[Math.Min(width, mask.Inputs - left)];
            int kept = 0;
            for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < columns.Length; j++)
            {
                if (!mask.Kept[(top + i) * mask.Inputs + left + j]) continue;
                (rows[i], columns[j]) = (true, true);
                kept++;
            }
            yield return (rows, columns, kept, rows.Length * columns.Length);
        }
    }
}
