using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Chooses patches by a rule, before a student's first block. The selector is frozen and sees the very images that the student will see.</summary>
/// <param name="selector">Of rules that ask one; else null.</param>
internal sealed class TicketChoice(DataTicketConfig config, TicketRule rule, double keep, VitNet? selector)
{
    /// <summary>Which patches of each image go on, (B, s) flattened, ascending; null: all.</summary>
    /// <param name="patches">(B, N, K0).</param>
    /// <param name="chance">For rules that draw: of the step, or, when testing, of the images' place in their set.</param>
    public int[]? Of(Tensor patches, ScalarType type, Chance chance)
    {
        int images = (int)patches.shape[0], n = (int)patches.shape[1], size = config.TicketSize(keep);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return rule switch
        {
            TicketRule.All => null,
            TicketRule.Ticket => Ticket(patches, type),
            TicketRule.Random => Patches.Best(Draws(images * n, chance), n, size),
            TicketRule.Fixed => Patches.Best(Repeated(Draws(n, new Chance(config.Student.Seed, Streams.Masks, uint.MaxValue)), images), n, size),
            TicketRule.Anti => Patches.Best([.. Attention(patches, type).Select(a => -a)], n, size),
            TicketRule.Variance => Patches.Best(Variances(patches), n, size),
            _ => Patches.Best(Repeated(Nearness(), images), n, size),
        };
    }

    private int[] Ticket(Tensor patches, ScalarType type)
    {
        VitTokens tokens = selector!.Select(selector.Embed(patches), new BestPatchesPolicy(config.Blocks, keep, 1), type, config.Blocks[^1]);
        return [.. tokens.Places!.cpu().data<long>().ToArray().Select(p => (int)p)];
    }

    private float[] Attention(Tensor patches, ScalarType type)
    {
        var sum = new AttentionSum(config.Blocks);
        selector!.Select(selector.Embed(patches), sum, type, config.Blocks[^1]);
        return sum.Sum;
    }

    private static float[] Variances(Tensor patches)
    {
        int k = (int)patches.shape[2];
        float[] values = patches.Numbers(), variances = new float[values.Length / k];
        for (int i = 0; i < variances.Length; i++)
        {
            ReadOnlySpan<float> patch = values.AsSpan(i * k, k);
            double mean = 0, squares = 0;
            foreach (float v in patch) (mean, squares) = (mean + (v / k), squares + ((double)v * v / k));
            variances[i] = (float)(squares - (mean * mean));
        }
        return variances;
    }

    private float[] Nearness()
    {
        int across = config.Shape.Side / config.Shape.Patch;
        double middle = (across - 1) / 2.0;
        return [.. Enumerable.Range(0, across * across).Select(p => (float)-(Math.Pow((p / across) - middle, 2) + Math.Pow((p % across) - middle, 2)))];
    }

    private static float[] Draws(int count, Chance chance)
    {
        float[] draws = new float[count];
        for (int i = 0; i < count; i++) draws[i] = (float)chance.NextDouble();
        return draws;
    }

    private static float[] Repeated(float[] one, int times) => [.. Enumerable.Range(0, times).SelectMany(_ => one)];
}
