using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>Where an operation may run; layer norms of a ViT stay on the ARM cores of an FPGA board.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Place>))]
public enum Place { Any, Accelerator, Host }

/// <summary>Element-wise functions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Function>))]
public enum Function { Add, Scale, LayerNorm, RmsNorm, Gelu, Silu, Relu, Sigmoid, Tanh, Softmax, Sign }

/// <summary>How a non-linear function is computed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Approximation>))]
public enum Approximation { Exact, Polynomial, Table, ShiftAdd }

/// <summary>Recurrent cells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Cell>))]
public enum Cell { Gru, Lstm }

/// <summary>A weight matrix of M rows (outputs) and K columns (inputs).</summary>
/// <param name="Rows">Ordered parts whose rows sum to M.</param>
/// <param name="Pattern">The real mask, so that nodes measure that very kernel.</param>
public sealed record Weights(string Id, int M, int K, ValueList<RowPart> Rows, Sparsity Sparsity, BlobId? Pattern = null)
{
    /// <summary>Dense weights in one format.</summary>
    public static Weights Uniform(string id, int m, int k, NumberFormat format) => new(id, m, k, [new RowPart(format, m)], Sparsity.Dense);
}

/// <summary>One operation of a workload.</summary>
/// <param name="Id">Unique in its workload.</param>
/// <param name="Block">The block it belongs to, for reports ("block 3").</param>
/// <param name="Repeat">How many times it runs.</param>
/// <param name="Place">Where it may run.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Gemm), "gemm")]
[JsonDerivedType(typeof(Attention), "attention")]
[JsonDerivedType(typeof(Conv), "conv")]
[JsonDerivedType(typeof(Recurrent), "recurrent")]
[JsonDerivedType(typeof(Elementwise), "elementwise")]
[JsonDerivedType(typeof(Select), "select")]
[JsonDerivedType(typeof(Crossbar), "crossbar")]
[JsonDerivedType(typeof(Circuit), "circuit")]
public abstract record Op(string Id, string Block, int Repeat, Place Place)
{
    /// <summary>Weights (M, K) times activations (K, columns), with element-wise functions fused behind.</summary>
    public sealed record Gemm(string Id, string Block, int Repeat, Place Place,
        Weights Weights, Extent Columns, NumberFormat In, NumberFormat Out, ValueList<Function> Fused) : Op(Id, Block, Repeat, Place);

    /// <summary>softmax(Q K^T) V for heads of width d; formats of q, k, v and the probabilities.</summary>
    public sealed record Attention(string Id, string Block, int Repeat, Place Place,
        int Heads, int KvHeads, int Width, Extent Queries, Extent Keys,
        NumberFormat Q, NumberFormat K, NumberFormat V, NumberFormat P, NumberFormat Out,
        Sparsity Sparsity, Approximation Softmax, bool Cache) : Op(Id, Block, Repeat, Place);

    /// <summary>Convolution: weights (M = outputs, K = inputs/groups * kh * kw) over an h x w image.</summary>
    public sealed record Conv(string Id, string Block, int Repeat, Place Place,
        Weights Weights, int Height, int Width, int KernelHeight, int KernelWidth, int Stride, int Padding, int Groups,
        NumberFormat In, NumberFormat Out, ValueList<Function> Fused) : Op(Id, Block, Repeat, Place);

    /// <summary>A recurrent layer over a number of steps.</summary>
    public sealed record Recurrent(string Id, string Block, int Repeat, Place Place,
        Cell Cell, Weights Wx, Weights Wh, Extent Steps, NumberFormat In, NumberFormat State) : Op(Id, Block, Repeat, Place);

    /// <summary>A function over rows x columns elements.</summary>
    public sealed record Elementwise(string Id, string Block, int Repeat, Place Place,
        Function Function, Extent Rows, int Columns, NumberFormat In, NumberFormat Out, Approximation Approximation) : Op(Id, Block, Repeat, Place);

    /// <summary>Token selection from one extent to a smaller one with package tokens; the scorer is made of GEMMs.</summary>
    public sealed record Select(string Id, string Block, int Repeat, Place Place,
        Extent From, Extent To, int Packages, ValueList<Gemm> Scorer) : Op(Id, Block, Repeat, Place);

    /// <summary>A superconducting crossbar layer (SupeRBNN); grey zone in microamperes.</summary>
    public sealed record Crossbar(string Id, string Block, int Repeat, Place Place,
        int Inputs, int Outputs, int Positions, int CrossbarSize, int StreamLength, double GreyZone, string Merge) : Op(Id, Block, Repeat, Place);

    /// <summary>A quantum circuit; gates in OpenQASM 2 text of the lowered form, each line one gate.</summary>
    public sealed record Circuit(string Id, string Block, int Repeat, Place Place,
        int Qubits, ValueList<string> Gates, int Measured, int Shots) : Op(Id, Block, Repeat, Place);
}
