using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Sparse;

namespace Hone.Core.Tests.Devices.Cpu.Sparse;

/// <summary>SpMM and SpMV against sums in double, with every kernel that this machine runs and every format.</summary>
public class SparseProductTests
{
    public static IEnumerable<TheoryDataRow<int, SparseFormat>> Kernels =>
        from kernel in Enumerable.Range(0, SparseKernel.All.Count) from format in Enum.GetValues<SparseFormat>() select new TheoryDataRow<int, SparseFormat>(kernel, format);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelAndFormatComputesTheProductAndWritesNothingElse(int index, SparseFormat format)
    {
        SparseKernel kernel = SparseKernel.All[index];
        using var workers = new Workers(2);
        foreach (string structure in Pruned.Structures)
        foreach (int m in new[] { 1, 3, 7, 33 })
        foreach (int k in new[] { 1, 15, 65 })
        foreach (int n in new[] { 1, 2, 7, 15, 17, 31, 33, 64, 71, 131 })
        {
            var pruned = new Pruned(structure, m, k, n);
            float[] y = Canaries(m * n);
            new SparseGemm(pruned.W, m, k, Pruned.Layout(format), pruned.Bias, null, kernel).Run(pruned.X, y.AsSpan(Sample.Canaries, m * n), n, workers);
            Untouched(y);
            pruned.Near(y.AsSpan(Sample.Canaries, m * n), structure);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelAndFormatComputesTheProductOfAVector(int index, SparseFormat format)
    {
        SparseKernel kernel = SparseKernel.All[index];
        using var workers = new Workers(2);
        foreach (string structure in Pruned.Structures)
        foreach (int m in new[] { 1, 7, 16, 17, 33, 100 })
        foreach (int k in new[] { 1, 2, 3, 31, 33, 130 })
        {
            var pruned = new Pruned(structure, m, k, 1);
            float[] y = Canaries(m);
            new SparseGemv(pruned.W, m, k, Pruned.Layout(format), pruned.Bias, null, kernel).Run(pruned.X, y.AsSpan(Sample.Canaries, m), workers);
            Untouched(y);
            pruned.Near(y.AsSpan(Sample.Canaries, m), structure);
        }
    }

    // Parts end within blocks and tiles.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void AnyNumberOfWorkersGivesTheSameBitsInEveryRun(int index, SparseFormat format)
    {
        const int m = 77, n = 70, k = 130;
        SparseKernel kernel = SparseKernel.All[index];
        foreach (string structure in Pruned.Structures)
        {
            var pruned = new Pruned(structure, m, k, n);
            var gemm = new SparseGemm(pruned.W, m, k, Pruned.Layout(format), pruned.Bias, null, kernel);
            var gemv = new SparseGemv(pruned.W, m, k, Pruned.Layout(format), pruned.Bias, null, kernel);
            float[]? matrix = null, vector = null;
            foreach (int count in new[] { 1, 2, 3, 3, 9 })
            {
                using var workers = new Workers(count);
                float[] y = new float[m * n], one = new float[m];
                gemm.Run(pruned.X, y, n, workers);
                gemv.Run(pruned.X[..k], one, workers);
                Assert.Equal(matrix ??= y, y);
                Assert.Equal(vector ??= one, one);
            }
        }
    }

    [Fact]
    public void WhatAMaskKeepsMayBeZeroAndWhatItDoesNotKeepCountsAsZero()
    {
        const int m = 24, k = 40, n = 5;
        using var workers = new Workers(1);
        foreach (SparseFormat format in Enum.GetValues<SparseFormat>())
        {
            var pruned = new Pruned("all", m, k, n);
            Mask mask = BlockProjection.Project(pruned.W, m, k, new BlockPruning(Pruned.BlockHeight, Pruned.BlockWidth, 0.3));
            pruned.W[Array.IndexOf(mask.Kept, true)] = 0;
            float[] y = new float[m * n];
            var gemm = new SparseGemm(pruned.W, m, k, Pruned.Layout(format), pruned.Bias, mask);
            gemm.Run(pruned.X, y, n, workers);
            mask.Apply(pruned.W);
            pruned.Near(y, $"{format}");
            Assert.Equal(mask.Count, gemm.Weights.Kept);
            Assert.Equal(pruned.W, gemm.Weights.Unpack());
        }
    }

    // X and Y end where memory does: a read or write beyond ends the process.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void NothingBeyondTheEndIsReadOrWritten(int index, SparseFormat format)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs memory that may not be touched");
        SparseKernel kernel = SparseKernel.All[index];
        using var workers = new Workers(2);
        foreach (int n in new[] { 1, 3, 16, 17, 66 })
        {
            var pruned = new Pruned("blocks", 21, 35, n);
            Span<float> x = BeforeTheEnd(pruned.X.Length), y = BeforeTheEnd(21 * n);
            pruned.X.CopyTo(x);
            new SparseGemm(pruned.W, 21, 35, Pruned.Layout(format), pruned.Bias, null, kernel).Run(x, y, n, workers);
            pruned.Near(y, $"{format}");
            if (n > 1) continue;
            new SparseGemv(pruned.W, 21, 35, Pruned.Layout(format), pruned.Bias, null, kernel).Run(x, y, workers);
            pruned.Near(y, $"{format}");
        }
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        const int m = 40, k = 60, n = 70;
        using var workers = new Workers(2);
        var pruned = new Pruned("blocks", m, k, n);
        float[] y = new float[m * n];
        foreach (SparseFormat format in Enum.GetValues<SparseFormat>())
        {
            var gemm = new SparseGemm(pruned.W, m, k, Pruned.Layout(format), pruned.Bias);
            var gemv = new SparseGemv(pruned.W, m, k, Pruned.Layout(format), pruned.Bias);
            gemm.Run(pruned.X, y, n, workers);
            gemv.Run(pruned.X.AsSpan(0, k), y.AsSpan(0, m), workers);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++) gemm.Run(pruned.X, y, n, workers);
            for (int i = 0; i < 10; i++) gemv.Run(pruned.X.AsSpan(0, k), y.AsSpan(0, m), workers);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheSizes()
    {
        var csr = new SparseLayout(SparseFormat.Csr);
        Refused("expected 2 x 3 weights", () => new SparseGemm(new float[5], 2, 3, csr));
        Refused("expected 2 biases", () => new SparseGemv(new float[6], 2, 3, csr, new float[3]));
        Refused("expected blocks of at least 1 x 1, got 0 x 0", () => new SparseGemm(new float[6], 2, 3, new SparseLayout(SparseFormat.Panel)));
        Refused("expected a mask of 2 x 3, got 3 x 2", () => new SparseGemm(new float[6], 2, 3, csr, default, new Mask(3, 2, new bool[6])));
        Refused("expected at most 65536 inputs", () => new SparseGemm(new float[65_537], 1, 65_537, csr));
        using var workers = new Workers(1);
        var gemm = new SparseGemm(new float[6], 2, 3, csr);
        Refused("expected X to be 3 x N with N = 2", () => gemm.Run(new float[5], new float[4], 2, workers));
        Refused("expected Y to be 2 x 2, got 5", () => gemm.Run(new float[6], new float[5], 2, workers));
        var gemv = new SparseGemv(new float[6], 2, 3, csr);
        Refused("expected 3 inputs, got 2", () => gemv.Run(new float[2], new float[2], workers));
        Refused("expected 2 outputs, got 3", () => gemv.Run(new float[3], new float[3], workers));
    }

    private static void Refused(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);

    private static float[] Canaries(int count)
    {
        float[] y = new float[count + 2 * Sample.Canaries];
        Array.Fill(y, Sample.Canary);
        return y;
    }

    private static void Untouched(float[] y) => Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));

    // Never given back: a few pages.
    private static Span<float> BeforeTheEnd(int count)
    {
        nuint page = (nuint)Environment.SystemPageSize, bytes = ((nuint)count * sizeof(float) + page - 1) / page * page;
        nint start = Map(0, bytes + page, 3, 0x22, -1, 0);
        Assert.NotEqual(-1, start);
        Assert.Equal(0, Protect(start + (nint)bytes, page, 0));
        return MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<float>(), start + (nint)bytes - count * sizeof(float)), count);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);
}
