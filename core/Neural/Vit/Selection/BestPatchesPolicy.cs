using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// Keeps, inside some blocks between attention and MLP, the patches that the class token attends to most, and from there on their strongest links (EViT; Tri-Level E-ViT, levels 2 and 3). The
/// same number in every image; nothing is learned by the choice. <see cref="Model.BestPatches"/> says what is kept.
/// </summary>
/// <param name="blocks">Numbers of the blocks, from 0, ascending.</param>
/// <param name="keep">Share of the patches that arrive.</param>
/// <param name="links">Share of the kept patches that each of them attends to.</param>
internal sealed class BestPatchesPolicy(IReadOnlyList<int> blocks, double keep, double links) : ITokenPolicy
{
    /// <summary>The first pruning block's attention of the class token to the patches, means over heads, (B, N) flattened; null until then.</summary>
    public float[]? FirstAttention { get; private set; }

    public AttentionRows Looks(int block) => !blocks.Contains(block) ? AttentionRows.None : links < 1 ? AttentionRows.All : AttentionRows.ClassToken;

    public VitTokens Within(int block, VitTokens tokens, Tensor? attention)
    {
        if (attention is null) return tokens;
        using var scope = NewDisposeScope();
        int p = (int)tokens.Patches, count = (int)Math.Ceiling(keep * p);
        float[] first = attention.select(1, 0).narrow(1, 1, p).Numbers();      // (B, p)
        FirstAttention ??= first;
        if (count == p && links >= 1) return tokens;
        int[] best = Patches.Best(first, p, count);
        VitTokens kept = count < p ? Patches.Keep(tokens, best) : tokens;
        return (kept with { Links = links < 1 ? Links(attention, best, count) : null }).Outward(scope);
    }

    /// <summary>(B, count + 1, count + 1) of the kept rows: 1 for the class token's row and column, and in each other row for its largest entries, ties kept.</summary>
    private Tensor Links(Tensor attention, int[] best, int count)
    {
        int images = (int)attention.shape[0], n = (int)attention.shape[2], seen = (int)Math.Ceiling(links * count), wide = count + 1;
        ReadOnlySpan<float> p = Placed.Here<float>(attention.cpu().contiguous());   // (B, n, n)
        float[] marks = new float[images * wide * wide], row = new float[count], largest = new float[seen];
        for (int b = 0; b < images; b++)
        {
            ReadOnlySpan<int> rows = best.AsSpan(b * count, count);
            Span<float> own = marks.AsSpan(b * wide * wide, wide * wide);
            own[..wide].Fill(1);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> from = p.Slice((((b * n) + 1 + rows[i]) * n) + 1, n - 1);
                for (int j = 0; j < count; j++) row[j] = from[rows[j]];
                float least = Least(row, largest);
                Span<float> to = own.Slice((i + 1) * wide, wide);
                to[0] = 1;
                for (int j = 0; j < count; j++) to[j + 1] = row[j] >= least ? 1 : 0;
            }
        }
        return tensor(marks).view(images, wide, wide).to(attention.device);
    }

    /// <summary>The smallest of the largest numbers, of which there are as many as <paramref name="largest"/> is long.</summary>
    private static float Least(ReadOnlySpan<float> row, Span<float> largest)
    {
        int have = 0;
        foreach (float value in row)
        {
            if (have == largest.Length && value <= largest[^1]) continue;
            int at = have < largest.Length ? have++ : have - 1;
            for (; at > 0 && largest[at - 1] < value; at--) largest[at] = largest[at - 1];
            largest[at] = value;
        }
        return largest[^1];
    }
}
