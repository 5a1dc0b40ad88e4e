using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Which pruned weights run on the sparse kernels, and with which mask.</summary>
internal static class SparseKinds
{
    /// <param name="rows">The most rows of X.</param>
    public static bool Covers(Weights weights, NumberFormat input, int rows)
    {
        MatrixKind kind = MatrixKinds.Of(weights, input);
        if (kind == MatrixKind.Reference || weights.K > SparseWeights.MostInputs || weights.Sparsity is not (Sparsity.BlockRowColumn or Sparsity.Unstructured or Sparsity.TopKPerRow)) return false;
        return MatrixKinds.Density(weights.Sparsity) <= SparseLimits.Of(weights.Sparsity is Sparsity.BlockRowColumn, Dense(weights, kind), rows);
    }

    /// <summary>The real mask, or one of the stated structure over weights that were drawn, and the format that suits it.</summary>
    /// <param name="values">[M][K].</param>
    public static (Mask Mask, SparseLayout Layout) Prune(float[] values, Weights weights, Draws draws, Mask? real)
    {
        if (weights.Sparsity is not Sparsity.BlockRowColumn blocks)
        {
            if (real is not null) return (real, new SparseLayout(SparseFormat.Csr));
            double density = MatrixKinds.Density(weights.Sparsity);
            bool[] kept = new bool[values.Length];
            foreach (ref bool one in kept.AsSpan()) one = draws.Happens(density);
            return (new Mask(weights.M, weights.K, kept), new SparseLayout(SparseFormat.Csr));
        }
        Mask mask = real ?? BlockProjection.Project(values, weights.M, weights.K, new BlockPruning(blocks.BlockHeight, blocks.BlockWidth, blocks.Density, KeptRows(blocks)));
        return (mask, SparseLayout.Blocks(mask, blocks.BlockHeight, blocks.BlockWidth));
    }

    /// <summary>What was done, for notes.</summary>
    /// <param name="real">Whether the mask is the workload's.</param>
    public static string Remark(Weights weights, Mask mask, SparseLayout layout, bool real)
    {
        string how = layout.Format switch
        {
            SparseFormat.Csr => "CSR",
            SparseFormat.WholeRow => "blocks in whole rows",
            _ => $"blocks in panels of {layout.BlockHeight} x {layout.BlockWidth}",
        };
        string which = real ? " with the real mask"
            : weights.Sparsity is not Sparsity.BlockRowColumn blocks ? " with a random mask"
            : KeptRows(blocks) < 1 ? $", {KeptRows(blocks)} of the rows of blocks, which the workload does not state," : "";
        return $"sparse weights ({weights.Sparsity.GetType().Name}, density {MatrixKinds.Density(weights.Sparsity):0.###}) run as {how}{which} with {mask.Density:0.###} kept";
    }

    /// <summary>The sparsity with the density of the real mask, which nothing but the mask states exactly.</summary>
    public static Sparsity Counted(Sparsity stated, Mask real) => stated switch
    {
        Sparsity.BlockRowColumn blocks => blocks with { Density = real.Density },
        _ => new Sparsity.Unstructured(real.Density),
    };

    private static DenseProduct Dense(Weights weights, MatrixKind kind)
    {
        if (kind != MatrixKind.Codes) return DenseProduct.Floats;
        return MatrixKinds.AreNibbles(weights)
            ? IsFast(TileKernel.Nibble) ? DenseProduct.FastNibbles : DenseProduct.Nibbles
            : IsFast(TileKernel.Byte) ? DenseProduct.FastBytes : DenseProduct.Bytes;

        static bool IsFast(IReadOnlyList<TileKernel> kernels) => kernels[^1].Set >= InstructionSet.Avx512Vnni;
    }

    // Columns alone are pruned where all rows of a block share them.
    private static double KeptRows(Sparsity.BlockRowColumn blocks) => blocks.RowsPerGroup >= blocks.BlockHeight ? 1 : BlockPruning.UsualRows;
}
