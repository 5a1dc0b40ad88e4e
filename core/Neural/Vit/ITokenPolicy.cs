using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>How many rows of a block's attention a policy looks at.</summary>
internal enum AttentionRows { None, ClassToken, All }

/// <summary>Which tokens go on from block to block. Blocks are numbered from 0.</summary>
internal interface ITokenPolicy
{
    /// <summary>What this policy wants to see of a block's attention.</summary>
    AttentionRows Looks(int block) => AttentionRows.None;

    /// <summary>Before a block.</summary>
    VitTokens Before(int block, VitTokens tokens) => tokens;

    /// <summary>Inside a block, after its attention was added and before its MLP.</summary>
    /// <param name="attention">Means over heads of the attention's probabilities without gradient, (B, 1, n) or (B, n, n); null where the policy does not look.</param>
    VitTokens Within(int block, VitTokens tokens, Tensor? attention) => tokens;
}

/// <summary>Every token goes through every block.</summary>
internal sealed class KeepAll : ITokenPolicy
{
    public static KeepAll Policy { get; } = new();
}
