using Hone.Model;
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
            TicketRule.Random => Patches.Best(PatchScores.Draws(images * n, chance), n, size),
            TicketRule.Fixed => Patches.Best(PatchScores.Repeated(PatchScores.Draws(n, new Chance(config.Student.Seed, Streams.Masks, uint.MaxValue)), images), n, size),
            TicketRule.Anti => Patches.Best([.. Attention(patches, type).Select(a => -a)], n, size),
            TicketRule.Variance => Patches.Best(PatchScores.Variances(patches), n, size),
            _ => Patches.Best(PatchScores.Nearness(config.Shape, images), n, size),
        };
    }

    /// <summary>Those of a whole set, for rules that say the same of an image each time: (N, s) flattened.</summary>
    /// <param name="device">Where the selector is.</param>
    public int[] OfAll(ImageSet images, ScalarType type, Device device, int threads)
    {
        int size = config.TicketSize(keep);
        int[] all = new int[images.Count * size];
        new VitBatchRun(config.Shape, threads).Each(images, (patches, from) => Of(patches.to(device), type, new Chance(0, Streams.Masks))!.CopyTo(all, from * size));
        return all;
    }

    private int[] Ticket(Tensor patches, ScalarType type)
    {
        VitTokens tokens = selector!.Select(selector.Embed(patches), new BestPatchesPolicy(config.Blocks, keep, 1), type, config.Blocks[^1]);
        if (tokens.Places is { } places) return [.. places.cpu().data<long>().ToArray().Select(p => (int)p)];
        int n = (int)patches.shape[1];                                         // a share of few patches may be all of them
        return [.. Enumerable.Range(0, (int)patches.shape[0] * n).Select(i => i % n)];
    }

    private float[] Attention(Tensor patches, ScalarType type)
    {
        var sum = new AttentionSum(config.Blocks);
        selector!.Select(selector.Embed(patches), sum, type, config.Blocks[^1]);
        return sum.Sum;
    }
}
