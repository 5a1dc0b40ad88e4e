using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>Losses, each the mean over the images of a portion.</summary>
internal static class VitLosses
{
    /// <summary>-sum targets log softmax(logits).</summary>
    /// <param name="logits">(b, classes).</param>
    /// <param name="targets">(b, classes), rows that sum to 1.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets) => (targets * F.log_softmax(logits, -1)).sum().Times(-1.0 / logits.shape[0]);

    /// <summary>KL(teacher || student).</summary>
    /// <param name="teacher">(b, classes), without gradient.</param>
    public static Tensor Divergence(Tensor student, Tensor teacher)
    {
        Tensor log = F.log_softmax(teacher, -1);
        return (log.exp() * log.Minus(F.log_softmax(student, -1))).sum().Times(1.0 / student.shape[0]);
    }

    /// <summary>Mean squared difference of tokens (b, n, C) over those that a mask (b, n) has.</summary>
    public static Tensor TokenError(Tensor student, Tensor teacher, Tensor mask)
    {
        Tensor each = student.Minus(teacher).square().mean([2]);               // (b, n)
        return (each * mask).sum() / mask.sum().AtLeast(1);
    }
}
