using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class GemmOperationTests
{
    private static readonly NumberFormat Int4 = NumberFormat.Int(4), Int6 = NumberFormat.Int(6), Int8 = NumberFormat.Int(8);

    [Fact]
    public void FloatAndReferenceProductsAgreeAndFusedFunctionsFollow()
    {
        foreach (int rows in new[] { 1, 3, 17 })
        foreach (int n in Operands.Awkward)
        foreach (int k in new[] { 1, 8, 33 })
        {
            var sample = new Sample(rows, n, k);
            double[] expected = new double[rows * n];
            sample.Each((i, j, sum, _) => expected[i * n + j] = 2 * Math.Max(0, sum));
            float[] twice = [.. Enumerable.Repeat(2f, n)];
            foreach (Matrix matrix in new Matrix[] { new GemmMatrix(new FloatGemm(sample.W, n, k, sample.Bias)), new ReferenceMatrix(sample.W, n, k, sample.Bias) })
            {
                FunctionStep[] fused = [new FunctionStep(Function.Relu, n, [], []), new FunctionStep(Function.Scale, n, twice, [])];
                float[] y = Operands.Run(_ => new GemmOperation(matrix, rows, fused), sample.X);
                Operands.Near([.. expected, 1], [.. y, 1], 1e-5, $"{matrix.GetType().Name} {rows} x {n} x {k}");
            }
        }
    }

    [Fact]
    public void FusedFunctionsGiveTheBitsOfPassesOverYInEveryProduct()
    {
        foreach (int rows in new[] { 1, 2, 130 })
        {
            const int n = 70, k = 33;
            var sample = new Sample(rows, n, k);
            sbyte[] codes = [.. sample.W.Select(w => (sbyte)MathF.Round(w * 7))], signs = [.. sample.W.Select(w => (sbyte)(w < 0 ? -1 : 1))];
            float[] scales = [.. Enumerable.Repeat(1 / 7f, n)], other = Operands.Draw(rows * n), gains = Operands.Draw(n);
            IGemm[] gemms =
            [
                new FloatGemm(sample.W, n, k, sample.Bias), new Bf16Gemm(sample.W, n, k, sample.Bias, rows), new ByteGemm(codes, n, k, scales, sample.Bias, rows), new NibbleGemm(codes, n, k, scales, sample.Bias, rows),
                new MixedGemm(codes, [new CodePart(30, 4), new CodePart(40, 8)], k, scales, sample.Bias, rows), new PackedGemm(codes, n, k, scales, sample.Bias, rows), new BinaryGemm(signs, n, k, scales, sample.Bias, rows),
            ];
            foreach (Matrix matrix in gemms.Select(gemm => new GemmMatrix(gemm)).Append<Matrix>(new ReferenceMatrix(sample.W, n, k, sample.Bias)))
            {
                FunctionStep[] functions = [new FunctionStep(Function.Gelu, n, [], []), new FunctionStep(Function.Add, n, other, []), new FunctionStep(Function.RmsNorm, n, gains, [])];
                float[] fused = Operands.Run(_ => new GemmOperation(matrix, rows, functions), sample.X);
                float[] y = Operands.Run(_ => new GemmOperation(matrix, rows, []), sample.X);
                foreach (FunctionStep function in functions) y = Operands.Run(_ => new ElementwiseOperation(rows, n, function), y);
                Assert.Equal(y, fused);
            }
        }
    }

    [Fact]
    public void CodesAreWithinTheRoundingOfEightBitRows()
    {
        const int rows = 9, n = 33, k = 65;
        var sample = new Sample(rows, n, k);
        sbyte[] codes = [.. sample.W.Select(w => (sbyte)MathF.Round(w * 127))];
        float[] scales = [.. Enumerable.Repeat(1 / 127f, n)];
        float[] y = Operands.Run(_ => new GemmOperation(new GemmMatrix(new ByteGemm(codes, n, k, scales, sample.Bias, rows)), rows, []), sample.X);
        // Half a step of 1/127 in X and in W at most, for each of K terms of at most 1.
        sample.Each((i, j, sum, _) => Assert.InRange(Math.Abs(y[i * n + j] - sum), 0, k / 127.0));
    }

    public static TheoryData<string, int> Kinds => new()
    {
        { "int8 x int8", (int)MatrixKind.Codes }, { "mixed x int6", (int)MatrixKind.Codes }, { "int8 x float", (int)MatrixKind.Floats }, { "float x float", (int)MatrixKind.Floats },
        { "int16 x int8", (int)MatrixKind.Floats }, { "uint8 x int8", (int)MatrixKind.Floats }, { "binary x int8", (int)MatrixKind.Reference }, { "pow2 x int8", (int)MatrixKind.Reference },
        { "groups of 64 x int8", (int)MatrixKind.Codes }, { "bf16 x bf16", (int)MatrixKind.Bf16 }, { "bf16 x float", (int)MatrixKind.Floats }, { "binary x binary", (int)MatrixKind.Signs },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FormatsChooseTheProductAndDrawnWeightsKeepTheSizeOfInputs(string formats, int kind)
    {
        const int m = 48, k = 256, rows = 40;
        string[] sides = formats.Split(" x ");
        ValueList<RowPart> parts = sides[0] == "mixed" ? [new RowPart(Int4, 32), new RowPart(Int8, 16)] : [new RowPart(Format(sides[0]), m)];
        var weights = new Weights("w", m, k, parts, Sparsity.Dense);
        Assert.Equal((MatrixKind)kind, MatrixKinds.Of(weights, Format(sides[1])));
        Assert.Null(MatrixKinds.Refusal(weights, Format(sides[1])));
        Matrix matrix = DrawnMatrix.Of(weights, Format(sides[1]), rows, new Draws(5, 0));
        float[] y = Operands.Run(_ => new GemmOperation(matrix, rows, []), Operands.Draw(rows * k));
        Assert.InRange(y.Average(v => (double)v * v), 0.2, 0.6);   // inputs: 1/3
    }

    [Theory]
    [InlineData("mixed x int6", "6-bit inputs run as 8-bit codes")]
    [InlineData("groups of 64 x int8", "")]
    [InlineData("groups of 20 x int8", "scales of groups of 20 inputs run as scales of rows")]
    [InlineData("bf16 x bf16", "")]
    [InlineData("binary x binary", "")]
    [InlineData("int8 x int8", "")]
    [InlineData("int8 x float", "Int rows of 8 bits run as 32-bit floats")]
    [InlineData("bf16 x float", "Float rows of 16 bits run as 32-bit floats")]
    [InlineData("binary x int8", "reference kernel, no fast one covers Binary rows")]
    public void WhatRunsOtherwiseIsNoted(string formats, string notes)
    {
        string[] sides = formats.Split(" x ");
        ValueList<RowPart> parts = sides[0] == "mixed" ? [new RowPart(Int4, 4), new RowPart(Int8, 4)] : [new RowPart(Format(sides[0]), 8)];
        Assert.Equal(notes, string.Join('|', MatrixKinds.Remarks(new Weights("w", 8, 8, parts, Sparsity.Dense), Format(sides[1]), 1)));
    }

    [Fact]
    public void SparseWeightsAreDrawnWithZeros()
    {
        const int m = 64, k = 64;
        var weights = new Weights("w", m, k, [new RowPart(NumberFormat.F32, m)], new Sparsity.BlockRowColumn(4, 16, 0.25, 1));
        float[] identity = new float[k * k];
        for (int i = 0; i < k; i++) identity[i * k + i] = 1;
        Matrix matrix = DrawnMatrix.Of(weights, NumberFormat.F32, k, new Draws(5, 0));
        float[] y = Operands.Run(_ => new GemmOperation(matrix, k, []), identity), bias = Operands.Run(_ => new GemmOperation(matrix, 1, []), new float[k]);
        Assert.InRange(y.Where((v, i) => v != bias[i % m]).Count() / (double)(m * k), 0.2, 0.3);
    }

    private static NumberFormat Format(string name) => name switch
    {
        "int8" => Int8,
        "int6" => Int6,
        "int16" => NumberFormat.Int(16),
        "uint8" => NumberFormat.Int(8, signed: false),
        "binary" => new NumberFormat(NumberKind.Binary, 1),
        "pow2" => new NumberFormat(NumberKind.Pow2, 4),
        "bf16" => NumberFormat.BF16,
        "groups of 64" => Int4 with { Grain = Granularity.Group, Group = 64 },
        "groups of 20" => Int4 with { Grain = Granularity.Group, Group = 20 },
        _ => NumberFormat.F32,
    };
}
