using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Cross entropy of a student that sees chosen patches alone, all of its blocks dense on them.</summary>
/// <param name="known">The choices for all training images, (N, s) flattened; null: each is asked for as it comes.</param>
internal sealed class StudentRecipe(VitNet net, VitRun run, TicketChoice choice, int[]? known, int images, long steps, long warmUp) : IRecipe
{
    private readonly ScalarType _type = run.Branches.On(Placed.Find(run.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Arena];

    public double Rate(int arena, long step) => AdamW.Rate(step, steps, warmUp, run.PeakRate, run.FinalRate);

    public Tensor Loss(Portion portion)
    {
        if (known is not null)
        {
            int size = known.Length / images;
            return VitLosses.CrossEntropy(Forward(net, portion.Patches, [.. portion.Images.SelectMany(i => known[(i * size)..((i + 1) * size)])], _type), portion.Targets);
        }
        int patches = (int)portion.Patches.shape[1];
        var chance = new Chance(run.Seed, Streams.Masks, (uint)portion.Step) { Position = (ulong)(portion.First * patches) };
        return VitLosses.CrossEntropy(Forward(net, portion.Patches, choice.Of(portion.Patches, _type, chance), _type), portion.Targets);
    }

    /// <summary>Logits (B, classes) of a student.</summary>
    /// <param name="places">(B, s) flattened; null: all patches.</param>
    public static Tensor Forward(VitNet net, Tensor patches, int[]? places, ScalarType type)
    {
        VitTokens tokens = places is null ? net.Embed(patches) : Chosen(net, patches, places);
        return net.Classify(net.Features(net.Run(tokens, KeepAll.Policy, type, classOnly: true)));
    }

    private static VitTokens Chosen(VitNet net, Tensor patches, int[] places)
    {
        long images = patches.shape[0], n = patches.shape[1];
        long[] rows = new long[places.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = (i / (places.Length / images) * n) + places[i];
        Tensor chosen = patches.reshape(images * n, -1).index_select(0, tensor(rows).to(patches.device)).view(images, -1, patches.shape[2]); // (B, s, K0)
        return net.Embed(chosen, tensor([.. places.Select(p => (long)p)]).view(images, -1).to(patches.device));
    }

    public IRecipe Shadow() => new StudentRecipe(net.Shadow(), run, choice, known, images, steps, warmUp);

    public void Dispose() => net.Dispose();
}
