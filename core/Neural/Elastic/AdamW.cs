using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) over a whole arena: decay on the decayed part, the gradient norm clipped on all but the steps
/// (Adam's step does not depend on a gradient's scale, so LSQ's scale factor is left out).
/// </summary>
internal static class AdamW
{
    private const double Epsilon = 1e-8;

    /// <param name="step">Counted from 1: bias correction depends on it.</param>
    /// <param name="ofSteps">The same for the quantisers' steps, whose gradients begin later; below 1 they stay as they are.</param>
    public static void Step(ParameterArena arena, long step, long ofSteps, double rate, double decay, double beta1, double beta2, double clipNorm)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor g = arena.Gradients;                                            // (P)
        if (clipNorm > 0)
        {
            Tensor head = g.narrow(0, 0, arena.WithoutSteps);
            double norm = head.norm().item<float>();
            if (norm > clipNorm) head.TimesInPlace(clipNorm / norm);
        }
        arena.First.TimesInPlace(beta1).PlusInPlace(g, 1 - beta1);                  // (P)
        arena.Second.TimesInPlace(beta2).PlusProductInPlace(g, g, 1 - beta2);                    // (P)
        arena.Values.narrow(0, 0, arena.Decayed).TimesInPlace(1 - rate * decay);
        Move(0, arena.WithoutSteps, step);
        if (ofSteps > 0) Move(arena.WithoutSteps, arena.Values.shape[0] - arena.WithoutSteps, ofSteps);
        g.zero_();

        void Move(long from, long count, long t)
        {
            double correction1 = 1 - Math.Pow(beta1, t), correction2 = Math.Sqrt(1 - Math.Pow(beta2, t));
            Tensor denominator = arena.Second.narrow(0, from, count).sqrt().TimesInPlace(1 / correction2).PlusInPlace(Epsilon); // (count)
            arena.Values.narrow(0, from, count).PlusQuotientInPlace(arena.First.narrow(0, from, count), denominator, -rate / correction1);
        }
    }

    /// <summary>Linear warm-up to <paramref name="peak"/>, then a cosine to <paramref name="final"/>; <paramref name="step"/> counts from 0.</summary>
    public static double Rate(long step, long steps, long warmUp, double peak, double final)
    {
        if (step < warmUp) return peak * (step + 1) / warmUp;
        double done = Math.Min(1, (double)(step - warmUp) / Math.Max(1, steps - warmUp));
        return final + (peak - final) * 0.5 * (1 + Math.Cos(Math.PI * done));
    }
}
