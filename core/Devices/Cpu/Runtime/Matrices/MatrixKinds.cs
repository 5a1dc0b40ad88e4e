using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Kinds of product, by what their weights lie in memory as.</summary>
internal enum MatrixKind { Codes, Bf16, Signs, Floats, Reference }

/// <summary>Which product runs which weights, and why some are refused.</summary>
internal static class MatrixKinds
{
    private const int CodeBits = 8, NibbleBits = 4;
    private const long MostFloats = (1 << 29) - (1 << 16), MostCodes = (1L << 31) - (1 << 18);   // a buffer has at most 2^31 bytes, padding included

    /// <summary>Codes when rows and inputs are integers of at most 8 bits, bfloat16 or signs when all are such; floats when all rows are integers or floats; else the reference.</summary>
    public static MatrixKind Of(Weights weights, NumberFormat input)
    {
        bool codes = IsCode(input) && weights.K <= CodeGemm.MostInputs, halves = IsHalf(input), signs = input.Kind == NumberKind.Binary, floats = true;
        foreach (RowPart part in weights.Rows)
        {
            codes &= IsCode(part.Format) && part.Format.Signed;
            halves &= IsHalf(part.Format);
            signs &= part.Format.Kind == NumberKind.Binary;
            floats &= part.Format.Kind is NumberKind.Int or NumberKind.Float;
        }
        return codes ? MatrixKind.Codes : halves ? MatrixKind.Bf16 : signs ? MatrixKind.Signs : floats ? MatrixKind.Floats : MatrixKind.Reference;
    }

    /// <summary>Whether all rows of codes have at most 4 bits: then two lie in a byte.</summary>
    public static bool AreNibbles(Weights weights) => weights.Rows.All(part => part.Rows == 0 || Bits(part.Format) == NibbleBits);

    /// <summary>Rows of codes as they run: with 4 bits or 8, and with scales for groups of inputs where those are of a size that kernels have.</summary>
    public static CodePart[] Parts(Weights weights) => [.. weights.Rows.Select(part => new CodePart(part.Rows, Bits(part.Format), Group(part.Format)))];

    /// <summary>The share of weights that are not zero.</summary>
    public static double Density(Sparsity sparsity) => sparsity switch
    {
        Sparsity.Unstructured s => s.Density,
        Sparsity.BlockRowColumn s => s.Density,
        Sparsity.TopKPerRow s => s.Keep,
        _ => 1,
    };

    /// <summary>Why these weights cannot be run; null when they can.</summary>
    public static string? Refusal(Weights weights, NumberFormat input)
    {
        if (weights.M < 1 || weights.K < 1) return $"weights must have at least one row and column, got {weights.M} x {weights.K}";
        if (weights.Sparsity is Sparsity.Causal) return "weights cannot be causal: that is a sparsity of attention";
        if (weights.Sparsity is Sparsity.BlockRowColumn { BlockHeight: < 1 } or Sparsity.BlockRowColumn { BlockWidth: < 1 }) return "blocks of weights must be at least 1 x 1";
        double density = Density(weights.Sparsity);
        if (!(density is > 0 and <= 1)) return $"the density of weights must lie in (0, 1], got {density}";
        int rows = 0;
        foreach (RowPart part in weights.Rows)
        {
            if (part.Rows < 0) return $"row parts must not be negative, got {part.Rows}";
            if (part.Format.Kind == NumberKind.Int && part.Format.Bits is < 1 or > 32) return $"integers must have 1 to 32 bits, got {part.Format.Bits}";
            rows += part.Rows;
        }
        if (rows != weights.M) return $"row parts must sum to M = {weights.M}, got {rows}";
        long most = Of(weights, input) is MatrixKind.Codes or MatrixKind.Signs ? MostCodes : MostFloats, count = (long)weights.M * weights.K;
        return count <= most ? null : $"weights of {weights.M} x {weights.K} do not fit one buffer of {most} elements";
    }

    /// <summary>What is run otherwise than stated, for notes.</summary>
    /// <param name="rows">The most rows of X.</param>
    public static List<string> Remarks(Weights weights, NumberFormat input, int rows)
    {
        bool sparse = SparseKinds.Covers(weights, input, rows);
        MatrixKind kind = sparse ? MatrixKind.Floats : Of(weights, input);
        var remarks = new List<string?>();
        foreach (RowPart part in weights.Rows)
        {
            remarks.Add(Remark(part.Format, "rows", kind, Bits(part.Format)));
            if (kind == MatrixKind.Codes && part.Format.Grain == Granularity.Group && Group(part.Format) == 0) remarks.Add($"scales of groups of {part.Format.Group} inputs run as scales of rows");
        }
        if (kind == MatrixKind.Codes) remarks.Add(Remark(input, "inputs", kind, CodeBits));
        if (weights.Sparsity is not Sparsity.None && !sparse) remarks.Add($"sparse weights ({weights.Sparsity.GetType().Name}, density {Density(weights.Sparsity):0.###}) run dense, with zeros");
        return [.. remarks.OfType<string>()];
    }

    private static string? Remark(NumberFormat format, string what, MatrixKind kind, int bits) => kind switch
    {
        MatrixKind.Codes => format.Bits == bits ? null : $"{format.Bits}-bit {what} run as {bits}-bit codes",
        MatrixKind.Bf16 or MatrixKind.Signs => null,
        MatrixKind.Floats => format is { Kind: NumberKind.Float, Bits: 32 } ? null : $"{format.Kind} {what} of {format.Bits} bits run as 32-bit floats",
        _ => format.Kind is NumberKind.Int or NumberKind.Float ? null : $"reference kernel, no fast one covers {format.Kind} {what}",
    };

    private static int Bits(NumberFormat format) => format.Bits <= NibbleBits ? NibbleBits : CodeBits;

    private static int Group(NumberFormat format) => format.Grain == Granularity.Group && format.Group > 0 && format.Group % CodeGemm.GroupUnit == 0 ? format.Group : 0;

    private static bool IsHalf(NumberFormat format) => format is { Kind: NumberKind.Float, Bits: 16 };

    private static bool IsCode(NumberFormat format) => format.Kind == NumberKind.Int && format.Bits is >= 1 and <= CodeBits;
}
