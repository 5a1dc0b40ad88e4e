using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>Windows of one block: which rows are in one, and what is added to their scores.</summary>
internal sealed class WindowBias(WindowAttention window)
{
    /// <summary>Numbers that windows may have on a grid of that side.</summary>
    public int Numbers(int grid) => Along(grid) * Along(grid) * 4;

    /// <summary>The number of the window that a place is in, told apart by the side of the image where rolling has brought both sides into one.</summary>
    public int Number(int grid, int place)
    {
        int row = place / grid, column = place % grid;
        return (((Rolled(row, grid) / window.Size * Along(grid)) + (Rolled(column, grid) / window.Size)) * 4) + (row < window.Shift ? 2 : 0) + (column < window.Shift ? 1 : 0);
    }

    /// <summary>What is added to the score of two places of one window.</summary>
    public float Of(int head, int grid, int i, int j)
    {
        int side = (2 * window.Size) - 1, rows = (i / grid) - (j / grid) + window.Size - 1, columns = (i % grid) - (j % grid) + window.Size - 1;
        return window.Bias[(head * side * side) + (rows * side) + columns];
    }

    private int Rolled(int at, int grid) => (at - window.Shift + grid) % grid;

    private int Along(int grid) => (grid + window.Size - 1) / window.Size;
}
