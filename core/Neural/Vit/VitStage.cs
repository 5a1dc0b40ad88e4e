namespace Hone.Neural.Vit;

/// <summary>Blocks of one width on one grid.</summary>
/// <param name="Index">Counted from 0.</param>
/// <param name="First">Its first block, counted through the whole net.</param>
/// <param name="Depth">How many blocks it has.</param>
/// <param name="Width">C.</param>
/// <param name="Heads">h.</param>
/// <param name="Grid">Side of its grid in tokens.</param>
/// <param name="Window">Side of its windows; 0: none.</param>
public sealed record VitStage(int Index, int First, int Depth, int Width, int Heads, int Grid, int Window)
{
    /// <summary>The pooling between stages (PiT's code): kernel, stride, padding.</summary>
    internal const int PoolKernel = 3, PoolStride = 2, PoolPadding = 1;

    /// <summary>N of it.</summary>
    public int Patches => Grid * Grid;

    /// <summary>d.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>How far a block's windows are shifted: by half a window in every second one, unless the grid is a single window.</summary>
    public int Shift(int block) => Window > 0 && Window < Grid && (block - First) % 2 == 1 ? Window / 2 : 0;

    /// <summary>Side of the next stage's grid.</summary>
    internal int Next(StageStep step) => step == StageStep.Merge ? Grid / 2 : ((Grid + (2 * PoolPadding) - PoolKernel) / PoolStride) + 1;
}
