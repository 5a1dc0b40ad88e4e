using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Where so many patches go on, before a block.</summary>
internal sealed record RankedStage(int Block, int Patches);

/// <summary>
/// Selection by a rule that nothing has learned: the patches of highest score go on, equally many in every image, and the others are really gone. Without a score the class token's attention
/// in the block before decides, averaged over heads.
/// </summary>
/// <param name="score">Scores of a stage for the patches of an image as they stand in it, (B, N); null: the class token's attention.</param>
internal sealed class RankedPolicy(IReadOnlyList<RankedStage> stages, Func<int, float[]>? score) : ITokenPolicy
{
    private Tensor? _attention;   // (B, 1, n) of the block before
    private int _done;

    public AttentionRows Looks(int block) => score is null && stages.Any(s => s.Block == block + 1) ? AttentionRows.ClassToken : AttentionRows.None;

    public VitTokens Within(int block, VitTokens tokens, Tensor? attention)
    {
        if (attention is not null) _attention = attention.DetachFromDisposeScope();
        return tokens;
    }

    public VitTokens Before(int block, VitTokens tokens)
    {
        if (_done == stages.Count || stages[_done].Block != block) return tokens;
        using var scope = NewDisposeScope();
        int stage = _done++;
        if (score is not null) return Patches.Keep(tokens, Patches.Best(Here(score(stage), tokens), (int)tokens.Patches, stages[stage].Patches)).Outward(scope);
        using Tensor attention = _attention!;
        return Patches.Keep(tokens, Patches.Best(attention.narrow(2, 1, tokens.Patches).Numbers(), (int)tokens.Patches, stages[stage].Patches)).Outward(scope);
    }

    // The scores of the patches that are still there.
    private static float[] Here(float[] all, VitTokens tokens)
    {
        if (tokens.Places is null) return all;
        long[] places = tokens.Places.cpu().data<long>().ToArray();
        int images = (int)tokens.X.shape[0], p = (int)tokens.Patches, n = all.Length / images;
        float[] here = new float[images * p];
        for (int i = 0; i < here.Length; i++) here[i] = all[(i / p * n) + places[i]];
        return here;
    }
}
