namespace Hone.Devices.Cpu.Sparse;

/// <summary>Rows and columns pruned inside blocks (BCR, GRIM).</summary>
/// <param name="Height">Rows of a block; the last ones of W may have fewer.</param>
/// <param name="Width">Columns of a block; the last ones may have fewer.</param>
/// <param name="Density">The share of all weights to keep.</param>
/// <param name="KeptRows">The share of the rows of blocks to keep; 1 prunes columns alone.</param>
public readonly record struct BlockPruning(int Height, int Width, double Density, double KeptRows = BlockPruning.UsualRows)
{
    /// <summary>What is usual for <see cref="KeptRows"/>.</summary>
    public const double UsualRows = 0.75;
}
