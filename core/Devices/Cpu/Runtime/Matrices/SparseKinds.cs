using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Which pruned weights run on the sparse kernels, and with which structure they are drawn.</summary>
internal static class SparseKinds
{
    // The densities at which the sparse product stops to be the faster, measured for 64 rows and for few: dense products in 8-bit codes take 0.6, in 4-bit ones 0.4 of the time in floats.
    private const double Blocks = 0.75, BlocksBesideBytes = 0.4, BlocksBesideNibbles = 0.25;
    private const double Rows = 0.3, RowsBesideBytes = 0.15, RowsBesideNibbles = 0.1, FewRows = 0.1, FewRowsBesideCodes = 0.02;

    /// <param name="rows">The most rows of X.</param>
    public static bool Covers(Weights weights, NumberFormat input, int rows)
    {
        MatrixKind kind = MatrixKinds.Of(weights, input);
        if (kind == MatrixKind.Reference || weights.K > SparseWeights.MostInputs) return false;
        bool codes = kind == MatrixKind.Codes, nibbles = codes && MatrixKinds.AreNibbles(weights);
        double density = MatrixKinds.Density(weights.Sparsity);
        return weights.Sparsity switch
        {
            Sparsity.BlockRowColumn => density <= (nibbles ? BlocksBesideNibbles : codes ? BlocksBesideBytes : Blocks),
            Sparsity.Unstructured or Sparsity.TopKPerRow when rows <= PrunedMatrix.FewRows => density < (codes ? FewRowsBesideCodes : FewRows),
            Sparsity.Unstructured or Sparsity.TopKPerRow => density < (nibbles ? RowsBesideNibbles : codes ? RowsBesideBytes : Rows),
            _ => false,
        };
    }

    /// <summary>A mask of the stated structure over weights that were drawn, and the format that suits it.</summary>
    /// <param name="weights">[M][K].</param>
    public static (Mask Mask, SparseLayout Layout) Prune(float[] values, Weights weights, Draws draws)
    {
        if (weights.Sparsity is not Sparsity.BlockRowColumn blocks)
        {
            double density = MatrixKinds.Density(weights.Sparsity);
            bool[] kept = new bool[values.Length];
            foreach (ref bool one in kept.AsSpan()) one = draws.Happens(density);
            return (new Mask(weights.M, weights.K, kept), new SparseLayout(SparseFormat.Csr));
        }
        Mask mask = BlockProjection.Project(values, weights.M, weights.K, new BlockPruning(blocks.BlockHeight, blocks.BlockWidth, blocks.Density, KeptRows(blocks)));
        return (mask, SparseLayout.Blocks(mask, blocks.BlockHeight, blocks.BlockWidth));
    }

    /// <summary>What was done, for notes.</summary>
    public static string Remark(Weights weights, Mask mask, SparseLayout layout)
    {
        string how = layout.Format switch
        {
            SparseFormat.Csr => "CSR with a random mask",
            SparseFormat.WholeRow => "blocks in whole rows",
            _ => $"blocks in panels of {layout.BlockHeight} x {layout.BlockWidth}",
        };
        string rows = weights.Sparsity is Sparsity.BlockRowColumn blocks && KeptRows(blocks) < 1 ? $", {KeptRows(blocks)} of the rows of blocks, which the workload does not state," : "";
        return $"sparse weights ({weights.Sparsity.GetType().Name}, density {MatrixKinds.Density(weights.Sparsity):0.###}) run as {how}{rows} with {mask.Density:0.###} kept";
    }

    // Columns alone are pruned where all rows of a block share them.
    private static double KeptRows(Sparsity.BlockRowColumn blocks) => blocks.RowsPerGroup >= blocks.BlockHeight ? 1 : BlockPruning.UsualRows;
}
