using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Rows of patches, equally many in every image of a batch.</summary>
internal static class Patches
{
    /// <summary>The best patches of each image, in their order: (B, count) flattened; of equal scores the first.</summary>
    /// <param name="scores">(B, p) flattened.</param>
    public static int[] Best(ReadOnlySpan<float> scores, int p, int count)
    {
        int images = scores.Length / p;
        int[] best = new int[images * count], order = new int[p];
        float[] keys = new float[p];
        for (int b = 0; b < images; b++)
        {
            for (int i = 0; i < p; i++) (order[i], keys[i]) = (i, -scores[(b * p) + i]);
            StableSort(keys, order);
            Array.Sort(order, 0, count);
            order.AsSpan(0, count).CopyTo(best.AsSpan(b * count));
        }
        return best;
    }

    /// <summary>The tokens with these patches alone. Links are dropped: they are of the old rows.</summary>
    /// <param name="best">(B, count) flattened: rows among the patches.</param>
    public static VitTokens Keep(VitTokens tokens, int[] best)
    {
        Tensor x = tokens.X;                                                   // (B, n, C)
        int images = (int)x.shape[0], n = (int)x.shape[1], count = best.Length / images, c = (int)x.shape[2], first = tokens.ClassTokens, wide = first + count;
        long[] rows = new long[images * wide], places = new long[best.Length], before = tokens.Places is null ? [] : tokens.Places.cpu().data<long>().ToArray();
        for (int b = 0; b < images; b++)
        {
            if (first > 0) rows[b * wide] = b * n;
            for (int i = 0; i < count; i++)
            {
                int at = best[(b * count) + i];
                rows[(b * wide) + first + i] = (b * n) + first + at;
                places[(b * count) + i] = before.Length == 0 ? at : before[(b * (n - first)) + at];
            }
        }
        Tensor kept = x.reshape(images * n, c).index_select(0, tensor(rows).to(x.device)).view(images, wide, c);
        return new VitTokens(kept, Places: tensor(places).view(images, count).to(x.device), ClassTokens: first);
    }

    // By key, then by index.
    private static void StableSort(float[] keys, int[] order) => Array.Sort(order, (i, j) => keys[i] != keys[j] ? keys[i].CompareTo(keys[j]) : i.CompareTo(j));
}
