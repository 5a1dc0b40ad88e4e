namespace Hone.Devices.Cpu.Sparse;

/// <summary>How kept weights lie in memory.</summary>
public enum SparseFormat
{
    /// <summary>Every weight in blocks as if all were kept: what the others are measured against, with their own tile.</summary>
    Dense,

    /// <summary>Compressed sparse rows: a column for each kept weight.</summary>
    Csr,

    /// <summary>Block-based column-row compact storage of rows: those with the same kept columns form a group, which lists them once (GRIM).</summary>
    WholeRow,

    /// <summary>The same for each block by itself: its kept rows and columns are listed, a row of Y gathers the sums of several blocks.</summary>
    Panel,
}

/// <summary>A format with the blocks that <see cref="SparseFormat.Panel"/> cuts W into; the others do not ask for blocks.</summary>
public readonly record struct SparseLayout(SparseFormat Format, int BlockHeight = 0, int BlockWidth = 0)
{
    /// <summary>Mean rows of a group from which on whole rows beat panels (GRIM, rule of thumb).</summary>
    private const int ManyRows = 8;

    /// <summary>Whole rows when at least eight share a list of columns on average, else panels of these blocks.</summary>
    public static SparseLayout Blocks(Mask mask, int blockHeight, int blockWidth) =>
        new(WholeRows.RowsPerGroup(mask) >= ManyRows ? SparseFormat.WholeRow : SparseFormat.Panel, blockHeight, blockWidth);
}
