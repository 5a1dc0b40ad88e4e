using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Sparse;

public class SparseWeightsTests
{
    [Fact]
    public void UnpackingGivesBackWhatWasPacked()
    {
        foreach (SparseFormat format in Enum.GetValues<SparseFormat>())
        foreach (string structure in Pruned.Structures)
        foreach (int m in new[] { 1, 7, 33 })
        foreach (int k in new[] { 1, 17, 64 })
        foreach (int tile in new[] { 1, 4, 16 })
        {
            var pruned = new Pruned(structure, m, k, 1);
            SparseWeights weights = SparseWeights.Pack(pruned.W, m, k, Pruned.Layout(format), null, tile);
            Assert.Equal(pruned.W, weights.Unpack());
            Assert.Equal(pruned.W.Count(w => w != 0), weights.Kept);
        }
    }

    // Rows 0 and 2 keep columns 1 and 3, row 1 keeps column 0, row 3 nothing.
    private static readonly float[] Small = [0, 1, 0, 2, 3, 0, 0, 0, 0, 4, 0, 5, 0, 0, 0, 0];

    [Fact]
    public void IndexEntriesAndBytesAreThoseOfTheFormat()
    {
        const int tile = 4, pointer = sizeof(int), column = sizeof(ushort), weight = sizeof(float);
        SparseWeights Pack(SparseFormat format) => SparseWeights.Pack(Small, 4, 4, new SparseLayout(format, 2, 2), null, tile);
        SparseWeights csr = Pack(SparseFormat.Csr), whole = Pack(SparseFormat.WholeRow), panel = Pack(SparseFormat.Panel);
        Assert.Equal((5, 5 * (column + weight) + 5 * pointer), (csr.IndexEntries, csr.Bytes));
        // Three groups: two rows of two columns, one of one, one of none; all four rows, three columns; a tile for each.
        Assert.Equal((4 + 3, (2 + 1) * tile * weight + 3 * column + (4 + 3 * 4) * pointer), (whole.IndexEntries, whole.Bytes));
        // Four blocks of 2 x 2: rows 0, 1 by columns 0, 1; row 0 by 3; row 2 by 1; row 2 by 3.
        Assert.Equal((5 + 5, (2 + 1 + 1 + 1) * tile * weight + 5 * column + (5 + 3 * 5) * pointer), (panel.IndexEntries, panel.Bytes));
    }

    [Fact]
    public void RowsWithTheSameColumnsFormGroupsTheLongestFirst()
    {
        List<Rectangle> groups = WholeRows.Of(Mask.Of(Small, 4, 4));
        Assert.Equal([[0, 2], [1], [3]], groups.Select(g => g.Rows));
        Assert.Equal([[1, 3], [0], []], groups.Select(g => g.Columns));
    }

    // GRIM's fragmentation: independent rows of blocks leave hardly two rows alike when many blocks stand side by side.
    [Fact]
    public void WholeRowsAreChosenWhereRowsShareColumnsAndPanelsElsewhere()
    {
        var chance = new Chance(3, Streams.Weights);
        float[] w = [.. Enumerable.Range(0, 256 * 256).Select(_ => (float)chance.NextGaussian())];
        Mask rows = BlockProjection.Project(w, 256, 256, new BlockPruning(16, 16, 0.1)), columns = BlockProjection.Project(w, 256, 256, new BlockPruning(16, 16, 0.1, 1));
        Assert.InRange(WholeRows.RowsPerGroup(rows), 1, 1.5);
        Assert.Equal(16, WholeRows.RowsPerGroup(columns));
        Assert.Equal(new SparseLayout(SparseFormat.Panel, 16, 16), SparseLayout.Blocks(rows, 16, 16));
        Assert.Equal(new SparseLayout(SparseFormat.WholeRow, 16, 16), SparseLayout.Blocks(columns, 16, 16));
    }
}
