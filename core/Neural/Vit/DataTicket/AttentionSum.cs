using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Drops nothing and adds up the class token's attention to the patches over some blocks, means over heads.</summary>
internal sealed class AttentionSum(IReadOnlyList<int> blocks) : ITokenPolicy
{
    /// <summary>(B, N) flattened.</summary>
    public float[] Sum { get; private set; } = [];

    public AttentionRows Looks(int block) => blocks.Contains(block) ? AttentionRows.ClassToken : AttentionRows.None;

    public VitTokens Within(int block, VitTokens tokens, Tensor? attention)
    {
        if (attention is null) return tokens;
        using var scope = NewDisposeScope();
        float[] own = attention.select(1, 0).narrow(1, 1, tokens.Patches).Numbers();
        Sum = Sum.Length == 0 ? own : [.. Sum.Zip(own, (a, b) => a + b)];
        return tokens;
    }
}
