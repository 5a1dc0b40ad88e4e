using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime;

/// <summary>What an operation is built from besides itself.</summary>
/// <param name="Parts">Workers that will run it.</param>
internal sealed record Surroundings(int Batch, int CacheLength, int Parts, Draws Draws, Notes Notes)
{
    /// <summary>The size that stands for an extent: its mean, rounded.</summary>
    public static int Size(Extent extent) => Math.Max(1, (int)Math.Round(extent.Mean));

    /// <summary>Rows of so many tokens of every input of the batch.</summary>
    public int Rows(Extent extent) => checked(Batch * Size(extent));

    /// <summary>Random weights, with notes on what runs otherwise than stated.</summary>
    public Matrix Matrix(string id, Weights weights, NumberFormat input, int capacity)
    {
        foreach (string remark in MatrixKinds.Remarks(weights, input, capacity)) Notes.Add(id, remark);
        Matrix matrix = DrawnMatrix.Of(weights, input, capacity, Draws);
        if (matrix.Remark is { } how) Notes.Add(id, how);
        return matrix;
    }

    public FunctionStep[] Fused(ValueList<Function> functions, int rows, int columns) => [.. functions.Select(function => FunctionStep.Drawn(function, rows, columns, Draws))];
}
