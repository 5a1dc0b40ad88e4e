using Hone.Model;

namespace Hone.Core.Tests.Model;

/// <summary>A network of one stage whose dropped patches stay and are seen by none: what training computes. It shares no code with the reference and takes the choice as given.</summary>
internal static class MaskedVision
{
    /// <param name="kept">After each selector, the patches that went on.</param>
    public static float[] Logits(VisionNet net, byte[] pixels, ValueList<ValueList<int>> kept)
    {
        ConvLayer patch = net.Stem[0];
        int g = net.Grid, c = patch.M, first = net.ClassToken.Length / c, n = first + (g * g), side = net.Input.Side, selector = 0;
        double[,] x = new double[n, c];
        for (int t = 0; t < n; t++)
            for (int m = 0; m < c; m++)
            {
                x[t, m] = net.Positions[(t * c) + m] + (t < first ? net.ClassToken[m] : patch.Bias[m]);
                for (int i = 0; t >= first && i < patch.Kernel * patch.Kernel; i++)
                {
                    int row = ((t - first) / g * patch.Stride) + (i / patch.Kernel), column = ((t - first) % g * patch.Stride) + (i % patch.Kernel);
                    x[t, m] += patch.Weights[(m * patch.Kernel * patch.Kernel) + i] * ((pixels[(row * side) + column] * (double)net.Input.Scale[0]) + net.Input.Offset[0]);
                }
            }
        bool[] alive = [.. Enumerable.Repeat(true, n)];
        foreach (VisionBlock block in net.Stages[0].Blocks)
        {
            if (block.Selector is not null)
            {
                for (int t = first; t < n; t++) alive[t] = kept[selector].Contains(t - first);
                selector++;
            }
            Add(x, Linear(block.Proj, Attend(Linear(block.Qkv, Norm(block.Norm1, x, net.Epsilon)), block.Heads, alive)), block.Scale1);
            double[,] hidden = Linear(block.Fc1, Norm(block.Norm2, x, net.Epsilon));
            for (int t = 0; t < n; t++)
                for (int m = 0; m < hidden.GetLength(1); m++) hidden[t, m] = VisionReference.Gelu(hidden[t, m]);
            Add(x, Linear(block.Fc2, hidden), block.Scale2);
        }
        double[,] normed = Norm(net.Norm, x, net.Epsilon), read = new double[1, c];
        int[] readers = first == 1 ? [0] : [.. Enumerable.Range(0, n).Where(t => alive[t])];
        foreach (int t in readers)
            for (int m = 0; m < c; m++) read[0, m] += normed[t, m] / readers.Length;
        double[,] logits = Linear(net.Head, read);
        return [.. Enumerable.Range(0, net.Classes).Select(i => (float)logits[0, i])];
    }

    private static double[,] Attend(double[,] qkv, int heads, bool[] alive)
    {
        int n = qkv.GetLength(0), a = qkv.GetLength(1) / 3, d = a / heads;
        double[,] mixed = new double[n, a];
        for (int q = 0; q < n; q++)
            for (int head = 0; head < heads; head++)
            {
                double[] weights = new double[n];
                for (int k = 0; k < n; k++)
                {
                    double dot = 0;
                    for (int i = head * d; i < (head + 1) * d; i++) dot += qkv[q, i] * qkv[k, a + i];
                    weights[k] = alive[k] ? Math.Exp(dot / Math.Sqrt(d)) : 0;
                }
                double sum = weights.Sum();
                for (int k = 0; k < n; k++)
                    for (int i = head * d; i < (head + 1) * d; i++) mixed[q, i] += weights[k] / sum * qkv[k, (2 * a) + i];
            }
        return mixed;
    }

    private static double[,] Linear(LinearLayer layer, double[,] x)
    {
        double[,] y = new double[x.GetLength(0), layer.M];
        for (int t = 0; t < x.GetLength(0); t++)
            for (int m = 0; m < layer.M; m++)
            {
                y[t, m] = layer.Bias[m];
                for (int k = 0; k < layer.K; k++) y[t, m] += layer.Weights[(m * layer.K) + k] * x[t, k];
            }
        return y;
    }

    private static double[,] Norm(NormLayer norm, double[,] x, double epsilon)
    {
        int c = x.GetLength(1);
        double[,] y = new double[x.GetLength(0), c];
        for (int t = 0; t < x.GetLength(0); t++)
        {
            double sum = 0, squares = 0;
            for (int m = 0; m < c; m++) (sum, squares) = (sum + x[t, m], squares + (x[t, m] * x[t, m]));
            double mean = sum / c, deviation = Math.Sqrt((squares / c) - (mean * mean) + epsilon);
            for (int m = 0; m < c; m++) y[t, m] = ((x[t, m] - mean) / deviation * norm.Gain[m]) + norm.Bias[m];
        }
        return y;
    }

    private static void Add(double[,] x, double[,] branch, float[] scale)
    {
        for (int t = 0; t < x.GetLength(0); t++)
            for (int m = 0; m < scale.Length; m++) x[t, m] += scale[m] * branch[t, m];
    }
}
