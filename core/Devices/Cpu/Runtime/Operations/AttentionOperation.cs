using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>Attention in floats or in 8-bit codes; see <see cref="AttentionShape"/> for what X is. Y is [batch][queries][heads][width].</summary>
internal sealed unsafe class AttentionOperation(AttentionShape shape, HeadStep heads) : Operation(shape.Inputs, shape.Outputs)
{
    private const int CodeBits = 8;

    public static AttentionOperation Build(Op.Attention op, Surroundings around)
    {
        AttentionShape shape = Shape(op, around.Batch, around.CacheLength);
        NumberFormat[] operands = [op.Q, op.K, op.V, op.P];
        bool codes = CodeHeads.AreFaster && !shape.Cache && operands.All(format => format is { Kind: NumberKind.Int, Bits: <= CodeBits });
        if (operands.Any(format => codes ? format.Bits != CodeBits : format is not { Kind: NumberKind.Float, Bits: 32 })) around.Notes.Add(op.Id, $"q, k, v and probabilities are {(codes ? "8-bit codes" : "32-bit floats")}");
        if (op.Softmax != Approximation.Exact) around.Notes.Add(op.Id, $"softmax computed exactly instead of by {op.Softmax}");
        if (op.Sparsity is not (Sparsity.None or Sparsity.Causal)) around.Notes.Add(op.Id, $"{op.Sparsity.GetType().Name} attention runs dense");
        if (codes) return new AttentionOperation(shape, new CodeHeads(shape, around.Parts));
        return new AttentionOperation(shape, new FloatHeads(shape, shape.Cache ? around.Draws.Floats(checked(shape.Batch * shape.KvHeads * shape.Keys * 2 * shape.Width), 1) : [], around.Parts));
    }

    public static AttentionShape Shape(Op.Attention op, int batch, int cacheLength) => new(batch, op.Heads, op.KvHeads, op.Width, Surroundings.Size(op.Queries),
        op.Cache && cacheLength > 0 ? cacheLength : Surroundings.Size(op.Keys), op.Sparsity is Sparsity.Causal, op.Sparsity is Sparsity.Causal causal ? causal.Window : 0, op.Cache);

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        fixed (float* from = x, to = y) heads.Run(from, to, workers);
    }
}
