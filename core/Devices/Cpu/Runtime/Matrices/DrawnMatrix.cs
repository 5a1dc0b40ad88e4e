using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>
/// Random weights of a shape. Their variance is 1 / (K density), so that outputs are as large as inputs; biases in [-0.1, 0.1] keep long chains from fading into subnormal numbers.
/// </summary>
internal static class DrawnMatrix
{
    /// <summary>Biases lie between this and its negative.</summary>
    public const float BiasRange = 0.1f;

    private static readonly float RootTwo = MathF.Sqrt(2), RootThree = MathF.Sqrt(3);   // a uniform number in [-1, 1] has the variance 1/3

    /// <summary>Uniform weights lie between this and its negative.</summary>
    public static float Range(int inputs) => RootThree / MathF.Sqrt(inputs);

    /// <param name="capacity">The most rows of X.</param>
    /// <param name="real">Which weights are kept, where that is known.</param>
    public static Matrix Of(Weights weights, NumberFormat input, int capacity, Draws draws, Mask? real = null)
    {
        (int m, int k) = (weights.M, weights.K);
        double density = MatrixKinds.Density(weights.Sparsity);
        float deviation = 1 / MathF.Sqrt((float)Math.Max(1, k * density));
        float[] bias = draws.Floats(m, BiasRange);
        if (SparseKinds.Covers(weights, input, capacity))
        {
            float[] kept = draws.Floats(checked(m * k), RootThree * deviation);
            (Mask mask, SparseLayout layout) = SparseKinds.Prune(kept, weights, draws, real);
            return new PrunedMatrix(kept, mask, layout, bias, capacity, SparseKinds.Remark(weights, mask, layout, real is not null));
        }
        MatrixKind kind = MatrixKinds.Of(weights, input);
        if (kind == MatrixKind.Codes)
        {
            sbyte[] codes = draws.Codes(checked(m * k));
            CodePart[] parts = MatrixKinds.Parts(weights);
            float[] scales = Narrow(codes, weights, parts, deviation);
            Thin(codes, density, draws, real);
            return new GemmMatrix(new MixedGemm(codes, parts, k, scales, bias, capacity));
        }
        if (kind == MatrixKind.Signs)
        {
            sbyte[] signs = draws.Codes(checked(m * k));
            foreach (ref sbyte sign in signs.AsSpan()) sign = (sbyte)(sign < 0 ? -1 : 1);
            float[] scales = new float[m];
            Array.Fill(scales, deviation / RootThree);   // signs of inputs are larger than inputs
            return new GemmMatrix(new BinaryGemm(signs, m, k, scales, bias, capacity));
        }
        float[] values = draws.Floats(checked(m * k), RootThree * deviation);
        if (kind == MatrixKind.Reference) Snap(values, weights, deviation);
        Thin(values, density, draws, real);
        return kind switch
        {
            MatrixKind.Bf16 => new GemmMatrix(new Bf16Gemm(values, m, k, bias, capacity)),
            MatrixKind.Floats => new GemmMatrix(new FloatGemm(values, m, k, bias)),
            _ => new ReferenceMatrix(values, m, k, bias),
        };
    }

    // Takes each row's codes to its bits; gives the scales of rows, the same for all groups of a row's inputs.
    private static float[] Narrow(sbyte[] codes, Weights weights, CodePart[] parts, float deviation)
    {
        List<float> scales = [];
        int from = 0;
        foreach ((RowPart part, CodePart run) in weights.Rows.Zip(parts))
        {
            foreach (ref sbyte code in codes.AsSpan(from * weights.K, part.Rows * weights.K)) code = (sbyte)(code >> (8 - part.Format.Bits));
            from += part.Rows;
            float scale = RootThree * deviation / Math.Max(1, (1 << (part.Format.Bits - 1)) - 1);
            scales.AddRange(Enumerable.Repeat(scale, part.Rows * run.Scales(weights.K)));
        }
        return [.. scales];
    }

    // Takes weights of other kinds to values that they have: two for binary ones, else the nearest power of two.
    private static void Snap(float[] values, Weights weights, float deviation)
    {
        int row = 0;
        foreach (RowPart part in weights.Rows)
        {
            Span<float> rows = values.AsSpan(row * weights.K, part.Rows * weights.K);
            row += part.Rows;
            if (part.Format.Kind == NumberKind.Binary)
                foreach (ref float value in rows) value = value < 0 ? -deviation : deviation;
            else if (part.Format.Kind is NumberKind.Pow2 or NumberKind.Log2)
                foreach (ref float value in rows) value = value == 0 ? 0 : MathF.CopySign(MathF.ScaleB(1, MathF.ILogB(value * RootTwo)), value);
        }
    }

    private static void Thin<T>(T[] values, double density, Draws draws, Mask? real) where T : struct
    {
        if (density >= 1) return;
        for (int i = 0; i < values.Length; i++)
            if (!(real?.Kept[i] ?? draws.Happens(density))) values[i] = default;
    }
}
