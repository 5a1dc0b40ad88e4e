using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>Which entries of an operand are zero.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(None), "dense")]
[JsonDerivedType(typeof(Unstructured), "unstructured")]
[JsonDerivedType(typeof(BlockRowColumn), "block-rc")]
[JsonDerivedType(typeof(TopKPerRow), "top-k-per-row")]
[JsonDerivedType(typeof(Causal), "causal")]
public abstract record Sparsity
{
    public static readonly Sparsity Dense = new None();

    /// <summary>Nothing is zero.</summary>
    public sealed record None : Sparsity;

    /// <summary>A share of entries without structure.</summary>
    public sealed record Unstructured(double Density) : Sparsity;

    /// <summary>Rows and columns pruned inside blocks of bh x bw (GRIM).</summary>
    public sealed record BlockRowColumn(int BlockHeight, int BlockWidth, double Density, int RowsPerGroup) : Sparsity;

    /// <summary>The k largest entries of each row kept.</summary>
    public sealed record TopKPerRow(double Keep, bool SharedByHeads) : Sparsity;

    /// <summary>Causal attention with an optional window; 0: unlimited.</summary>
    public sealed record Causal(int Window) : Sparsity;
}
