using Hone.Core.Tests.Devices.Cpu.Sparse;
using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class PrunedMatrixTests
{
    [Fact]
    public void ItIsTheProductOfTheMaskedWeightsForAnyRowsAndWorkers()
    {
        foreach (SparseFormat format in Enum.GetValues<SparseFormat>())
        foreach (int rows in new[] { 1, 2, 4, 5, 63, 64, 65, 130 })
        foreach ((int n, int k) in new[] { (1, 1), (7, 3), (33, 70), (100, 31) })
        {
            var pruned = new Pruned("blocks", n, k, rows);
            float[] x = new float[rows * k], expected = new float[n * rows];
            for (int i = 0; i < k; i++)
            for (int j = 0; j < rows; j++) x[j * k + i] = pruned.X[i * rows + j];
            float[] y = Operands.Run(_ => new GemmOperation(new PrunedMatrix(pruned.W, Mask.Of(pruned.W, n, k), Pruned.Layout(format), pruned.Bias, rows), rows, []), x);
            for (int i = 0; i < n; i++)
            for (int j = 0; j < rows; j++) expected[i * rows + j] = y[j * n + i];
            pruned.Near(expected, $"{format}");
        }
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        using var workers = new Workers(2);
        foreach (int rows in new[] { 3, 70 })
        {
            var pruned = new Pruned("blocks", 40, 50, rows);
            var matrix = new PrunedMatrix(pruned.W, Mask.Of(pruned.W, 40, 50), Pruned.Layout(SparseFormat.Panel), pruned.Bias, rows);
            float[] y = new float[40 * rows];
            matrix.Run(pruned.X, y, rows, workers);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++) matrix.Run(pruned.X, y, rows, workers);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    public static TheoryData<string, int, double, int, string> Chosen => new()
    {
        { "float", 40, 0.25, 1, "blocks in panels of 16 x 32, 0.75 of the rows of blocks, which the workload does not state, with 0.2" },
        { "float", 40, 0.25, 16, "blocks in whole rows with 0.2" },
        { "float", 1, 0.25, 1, "blocks in panels of 16 x 32" },
        { "float", 40, 0.9, 1, "run dense, with zeros" },
        { "float", 4, 0.5, 1, "run dense, with zeros" },
        { "int8", 40, 0.15, 1, "blocks in panels of 16 x 32" },
        { "int8", 40, 0.6, 1, "run dense, with zeros" },
        { "float", 40, 0.2, 0, "CSR with a random mask with 0.2" },
        { "float", 40, 0.5, 0, "run dense, with zeros" },
        { "float", 1, 0.2, 0, "run dense, with zeros" },
        { "int8", 40, 0.3, 0, "run dense, with zeros" },
    };

    [Theory]
    [MemberData(nameof(Chosen))]
    public void DensityFormatsAndRowsChooseTheKernelWhichIsNoted(string format, int rows, double density, int rowsPerGroup, string note)
    {
        const int m = 64, k = 128;
        NumberFormat number = format == "int8" ? NumberFormat.Int(8) : NumberFormat.F32;
        Sparsity sparsity = rowsPerGroup == 0 ? new Sparsity.Unstructured(density) : new Sparsity.BlockRowColumn(16, 32, density, rowsPerGroup);
        var notes = new Notes();
        Matrix matrix = new Surroundings(1, 0, 1, new Draws(5, 0), notes).Matrix("g", new Weights("w", m, k, [new RowPart(number, m)], sparsity), number, rows);
        Assert.Contains(note, string.Join('|', notes.Lines), StringComparison.Ordinal);
        Assert.Equal(!note.Contains("dense", StringComparison.Ordinal), matrix is PrunedMatrix);
        float[] y = Operands.Run(_ => new GemmOperation(matrix, rows, []), Operands.Draw(rows * k));
        Assert.InRange(y.Average(v => (double)v * v), 0.15, 0.8);   // inputs: 1/3; what is kept is the larger
    }

    [Fact]
    public void FasterDenseProductsLeaveLessToSparseOnes()
    {
        DenseProduct[] slowestFirst = [DenseProduct.Floats, DenseProduct.Bytes, DenseProduct.Nibbles, DenseProduct.FastBytes, DenseProduct.FastNibbles];
        foreach (int rows in new[] { 1, 2, 8, 9, 64 })
        {
            foreach (bool blocks in new[] { false, true })
            {
                double[] limits = [.. slowestFirst.Select(dense => SparseLimits.Of(blocks, dense, rows))];
                Assert.Equal([.. limits.OrderDescending()], limits);
            }
            foreach (DenseProduct dense in slowestFirst) Assert.True(SparseLimits.Of(true, dense, rows) > SparseLimits.Of(false, dense, rows));
        }
    }

    [Theory]
    [InlineData("blocks", 0.3, 40, "blocks in panels of 16 x 32 with the real mask")]
    [InlineData("blocks", 0.95, 40, "run dense, with zeros")]
    [InlineData("single", 0.05, 40, "CSR with the real mask")]
    [InlineData("single", 0.05, 2, "CSR with the real mask")]
    [InlineData("unstated", 0.05, 40, "CSR with the real mask")]
    public void TheRealMaskIsUsedWhereAWorkloadNamesIt(string structure, double density, int rows, string note)
    {
        const int m = 64, k = 128;
        float[] values = Operands.Draw(m * k);
        Mask mask = BlockProjection.Project(values, m, k, structure == "blocks" ? new BlockPruning(16, 32, density) : new BlockPruning(1, 1, density, 1));
        byte[] bits = mask.Pack();
        // What is stated differs from the mask, which is what counts.
        Sparsity stated = structure switch { "blocks" => new Sparsity.BlockRowColumn(16, 32, 0.5, 1), "single" => new Sparsity.Unstructured(0.5), _ => Sparsity.Dense };
        var weights = new Weights("w", m, k, [new RowPart(NumberFormat.F32, m)], stated, BlobId.Of(bits));
        var notes = new Notes();
        Matrix matrix = new Surroundings(1, 0, 1, new Draws(5, 0), notes, id => id == weights.Pattern ? bits : null).Matrix("g", weights, NumberFormat.F32, rows);
        Assert.Contains(note, string.Join('|', notes.Lines), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{mask.Density:0.###}"), string.Join('|', notes.Lines), StringComparison.Ordinal);
        // An output changes with an input where the weight between them is kept, and nowhere else.
        float[] x = new float[rows * k], still = Operands.Run(_ => new GemmOperation(matrix, rows, []), x);
        for (int i = 0; i < k; i++)
        {
            Array.Clear(x);
            x[i] = 1;
            float[] y = Operands.Run(_ => new GemmOperation(matrix, rows, []), x);
            for (int n = 0; n < m; n++) Assert.Equal(mask.Kept[n * k + i], y[n] != still[n]);
        }
    }

    [Fact]
    public void AMaskThatIsNotAtHandIsNotedAndOneOfAnotherSizeRefused()
    {
        var weights = new Weights("w", 8, 9, [new RowPart(NumberFormat.F32, 8)], new Sparsity.Unstructured(0.1), BlobId.Of([1]));
        var notes = new Notes();
        _ = new Surroundings(1, 0, 1, new Draws(5, 0), notes, _ => null).Matrix("g", weights, NumberFormat.F32, 40);
        Assert.Contains("g: the mask of the real weights is not at hand", notes.Lines);
        var workload = new Workload("w", Mode.Infer, 1, [new Op.Gemm("g", "b", 1, Place.Any, weights, Extent.Fixed("n", 4), NumberFormat.F32, NumberFormat.F32, [])]);
        using var workers = new Workers(1);
        Assert.Contains("expected the mask of 8 x 9 weights to have 9 bytes, a bit for each, got 1", Assert.Throws<HoneException>(() => new CpuNetwork(workload, workers, 1, _ => [1])).Message);
        Assert.Contains("g: the mask of the real weights is not at hand", new CpuNetwork(workload, workers, 1).Notes);
    }
}
