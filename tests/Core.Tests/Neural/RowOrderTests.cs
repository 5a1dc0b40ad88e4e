using Hone.Model;
using Hone.Neural.Quantize;

namespace Hone.Core.Tests.Neural;

public class RowOrderTests
{
    [Theory]
    [InlineData(0.0, 96, 0)]
    [InlineData(0.25, 96, 32)]
    [InlineData(0.5, 48, 32)]
    [InlineData(0.25, 32, 16)]
    [InlineData(1.0, 10, 10)]
    public void EightBitRowsComeInGroupsOfSixteenAndNeverExceedTheRows(double ratio, int rows, int expected) =>
        Assert.Equal(expected, RowOrder.EightBitRows(ratio, rows, 16));

    [Fact]
    public void EqualScoresKeepTheLowerIndexFirst() => Assert.Equal([3, 0, 2, 1], RowOrder.ByScore([1, 0.5, 1, 2]));

    [Fact]
    public void TheRowsOfASmallerRatioAreAmongThoseOfALarger()
    {
        var chance = new Chance(2, 50);
        for (int trial = 0; trial < 20; trial++)
        {
            int[] order = chance.Permutation(192);
            int[] active = Enumerable.Range(0, 192).Where(_ => chance.Happens(0.6)).ToArray();
            float[] previous = new float[active.Length];
            foreach (double ratio in (double[])[0, 0.25, 0.5, 0.75, 1])
            {
                float[] marks = new float[active.Length];
                int rows = RowOrder.EightBitRows(ratio, active.Length, 16);
                RowOrder.Mark(order, active, rows, marks);
                Assert.Equal(rows, marks.Count(m => m == 1));
                for (int i = 0; i < marks.Length; i++) Assert.True(marks[i] >= previous[i]);
                previous = marks;
            }
        }
    }
}
