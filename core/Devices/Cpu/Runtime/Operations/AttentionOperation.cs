using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>Attention in floats; see <see cref="AttentionShape"/> for what X is. Y is [batch][queries][heads][width].</summary>
internal sealed unsafe class AttentionOperation : Operation
{
    private readonly Memory _memory;
    private readonly HeadStep _heads;

    /// <param name="before">Keys and values of a cache, [batch][key heads][keys][k | v]; else empty.</param>
    /// <param name="parts">Workers that will run it.</param>
    public AttentionOperation(AttentionShape shape, ReadOnlySpan<float> before, int parts) : base(shape.Inputs, shape.Outputs)
    {
        _memory = new Memory(shape, before);
        _heads = new HeadStep(shape, _memory, parts);
    }

    public static AttentionOperation Build(Op.Attention op, Surroundings around)
    {
        AttentionShape shape = Shape(op, around.Batch, around.CacheLength);
        if (new[] { op.Q, op.K, op.V, op.P }.Any(format => format is not { Kind: NumberKind.Float, Bits: 32 })) around.Notes.Add(op.Id, "q, k, v and probabilities are 32-bit floats");
        if (op.Softmax != Approximation.Exact) around.Notes.Add(op.Id, $"softmax computed exactly instead of by {op.Softmax}");
        if (op.Sparsity is not (Sparsity.None or Sparsity.Causal)) around.Notes.Add(op.Id, $"{op.Sparsity.GetType().Name} attention runs dense");
        return new AttentionOperation(shape, shape.Cache ? around.Draws.Floats(checked(shape.Batch * shape.KvHeads * shape.Keys * 2 * shape.Width), 1) : [], around.Parts);
    }

    public static AttentionShape Shape(Op.Attention op, int batch, int cacheLength) => new(batch, op.Heads, op.KvHeads, op.Width, Surroundings.Size(op.Queries),
        op.Cache && cacheLength > 0 ? cacheLength : Surroundings.Size(op.Keys), op.Sparsity is Sparsity.Causal, op.Sparsity is Sparsity.Causal causal ? causal.Window : 0, op.Cache);

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        fixed (float* from = x, to = y)
        {
            _memory.Take(from, workers);
            _heads.Run(from, to, workers);
        }
    }
}
