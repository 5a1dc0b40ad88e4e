using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime;

/// <summary>What an operation is built from besides itself.</summary>
/// <param name="Parts">Workers that will run it.</param>
/// <param name="Blobs">Where masks come from; null for what is not there.</param>
internal sealed record Surroundings(int Batch, int CacheLength, int Parts, Draws Draws, Notes Notes, Func<BlobId, byte[]?>? Blobs = null)
{
    /// <summary>The size that stands for an extent: its mean, rounded.</summary>
    public static int Size(Extent extent) => Math.Max(1, (int)Math.Round(extent.Mean));

    /// <summary>Rows of so many tokens of every input of the batch.</summary>
    public int Rows(Extent extent) => checked(Batch * Size(extent));

    /// <summary>Random weights, pruned as the real ones are where that is known, with notes on what runs otherwise than stated.</summary>
    public Matrix Matrix(string id, Weights weights, NumberFormat input, int capacity)
    {
        Mask? real = null;
        if (weights.Pattern is { } pattern)
        {
            if (Blobs?.Invoke(pattern) is { } bits)
            {
                real = Mask.Unpack(bits, weights.M, weights.K);
                weights = weights with { Sparsity = SparseKinds.Counted(weights.Sparsity, real) };
            }
            else Notes.Add(id, "the mask of the real weights is not at hand");
        }
        foreach (string remark in MatrixKinds.Remarks(weights, input, capacity)) Notes.Add(id, remark);
        Matrix matrix = DrawnMatrix.Of(weights, input, capacity, Draws, real);
        if (matrix.Remark is { } how) Notes.Add(id, how);
        return matrix;
    }

    public FunctionStep[] Fused(ValueList<Function> functions, int rows, int columns) => [.. functions.Select(function => FunctionStep.Drawn(function, rows, columns, Draws))];
}
