using Hone.Model;
using Hone.Neural.Elastic;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Scores of patches that nothing has learned, (B, N) flattened: the higher, the sooner a patch is kept.</summary>
internal static class PatchScores
{
    /// <summary>Variance of a patch's numbers.</summary>
    /// <param name="patches">(B, N, K0).</param>
    public static float[] Variances(Tensor patches)
    {
        int k = (int)patches.shape[2];
        float[] values = patches.Numbers(), variances = new float[values.Length / k];
        for (int i = 0; i < variances.Length; i++)
        {
            ReadOnlySpan<float> patch = values.AsSpan(i * k, k);
            double mean = 0, squares = 0;
            foreach (float v in patch) (mean, squares) = (mean + ((double)v / k), squares + ((double)v * v / k));
            variances[i] = (float)(squares - (mean * mean));
        }
        return variances;
    }

    /// <summary>Nearness to the image's centre.</summary>
    public static float[] Nearness(VitShape shape, int images)
    {
        int across = shape.Grid;
        double middle = (across - 1) / 2.0;
        return Repeated([.. Enumerable.Range(0, across * across).Select(p => (float)-(Math.Pow((p / across) - middle, 2) + Math.Pow((p % across) - middle, 2)))], images);
    }

    /// <summary>Uniform draws.</summary>
    public static float[] Draws(int count, Chance chance)
    {
        float[] draws = new float[count];
        for (int i = 0; i < count; i++) draws[i] = (float)chance.NextDouble();
        return draws;
    }

    /// <summary>The same scores for every image.</summary>
    public static float[] Repeated(float[] one, int images) => [.. Enumerable.Range(0, images).SelectMany(_ => one)];
}
