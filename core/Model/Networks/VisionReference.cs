namespace Hone.Model;

/// <summary>A token on its way through <see cref="VisionReference"/>: its numbers (C), and where it stands in its stage's grid, or -1 for the class token and -2 for a package.</summary>
public sealed record VisionToken(int Place, double[] Values)
{
    public const int Class = -1, Package = -2;

    public bool IsPatch => Place >= 0;
}

/// <summary>What an image came to.</summary>
/// <param name="Logits">Shape (classes).</param>
/// <param name="Tokens">How many tokens each block computed, its MLP's count where patches are kept inside it.</param>
/// <param name="Kept">After each selector, which patches of its stage's grid went on, row by row.</param>
public sealed record VisionAnswer(float[] Logits, ValueList<int> Tokens, ValueList<ValueList<int>> Kept);

/// <summary>
/// The meaning of a <see cref="VisionNet"/>: one image, plain loops, sums in double; dropped tokens are really gone. It is kept to judge every faster engine. Letters: n tokens,
/// C width, h heads, A attention width.
/// </summary>
public static class VisionReference
{
    /// <param name="pixels">Shape (channels, side, side).</param>
    /// <exception cref="ArgumentException">Another number of pixels, or a network that contradicts itself (<see cref="VisionNetCheck"/>).</exception>
    public static VisionAnswer Run(VisionNet net, ReadOnlySpan<byte> pixels)
    {
        net.Check();
        List<VisionToken> x = Embed(net, pixels);                              // (n)
        if (net.Choice is not null && VisionChoice.Places(net, pixels) is var places) x = [.. x.Where(t => !t.IsPatch || places.Contains(t.Place))];
        int grid = net.Grid;
        var (tokens, kept) = (new List<int>(), new List<ValueList<int>>());
        HashSet<(int, int)>? links = null;                                     // places that see each other; null: all
        foreach (VisionStage stage in net.Stages)
        {
            if (stage.Entry is not null) (x, grid) = VisionEntry.Enter(stage.Entry, x, grid, net.Epsilon);
            foreach (VisionBlock block in stage.Blocks)
            {
                if (block.Selector is not null)
                {
                    x = VisionSelection.Select(block.Selector, x, net.Epsilon);
                    kept.Add([.. x.Where(t => t.IsPatch).Select(t => t.Place)]);
                }
                double[][,] p = Attend(block, x, grid, links, net.Epsilon);
                if (block.Best is not null) (x, links) = VisionSelection.KeepBest(block.Best, x, p);
                Feed(block, x, net.Epsilon);
                tokens.Add(x.Count);
            }
        }
        double[][] read = net.ClassToken.Length > 0 ? [Norm(net.Norm, x[0].Values, net.Epsilon)] : [.. x.Select(t => Norm(net.Norm, t.Values, net.Epsilon))];
        double[] mean = [.. Enumerable.Range(0, net.Head.K).Select(c => read.Sum(row => row[c]) / Math.Max(read.Length, 1))];
        return new VisionAnswer([.. Linear(net.Head, mean).Select(v => (float)v)], [.. tokens], [.. kept]);
    }

    /// <summary>Places of the patches that are left behind the attention of a network's last block, which keeps best ones.</summary>
    internal static int[] PlacesBehind(VisionNet net, ReadOnlySpan<byte> pixels)
    {
        List<VisionToken> x = Embed(net, pixels);
        HashSet<(int, int)>? links = null;
        ValueList<VisionBlock> blocks = net.Stages[0].Blocks;
        for (int b = 0; b < blocks.Count; b++)
        {
            double[][,] p = Attend(blocks[b], x, net.Grid, links, net.Epsilon);
            if (blocks[b].Best is { } best) (x, links) = VisionSelection.KeepBest(best, x, p);
            if (b < blocks.Count - 1) Feed(blocks[b], x, net.Epsilon);
        }
        return [.. x.Where(t => t.IsPatch).Select(t => t.Place)];
    }

    /// <summary>Adds a block's MLP to the tokens.</summary>
    private static void Feed(VisionBlock block, List<VisionToken> x, double epsilon)
    {
        foreach (VisionToken token in x)
            Add(token.Values, Linear(block.Fc2, [.. Linear(block.Fc1, Norm(block.Norm2, token.Values, epsilon)).Select(Gelu)]), block.Scale2);
    }

    private static List<VisionToken> Embed(VisionNet net, ReadOnlySpan<byte> pixels)
    {
        PixelInput input = net.Input;
        int side = input.Side;
        if (pixels.Length != input.Channels * side * side) throw new ArgumentException($"expected {input.Channels * side * side} pixels, got {pixels.Length}");
        double[] image = new double[pixels.Length];                            // (channels, side, side)
        for (int i = 0; i < image.Length; i++) image[i] = (pixels[i] * input.Scale[i / (side * side)]) + input.Offset[i / (side * side)];
        foreach (ConvLayer conv in net.Stem) (image, side) = (Convolve(conv, image, side), conv.Out(side));
        int c = image.Length / (side * side);
        var x = new List<VisionToken>();
        if (net.ClassToken.Length > 0) x.Add(new VisionToken(VisionToken.Class, [.. net.ClassToken.Select(v => (double)v)]));
        for (int place = 0; place < side * side; place++) x.Add(new VisionToken(place, Normed(net, [.. Enumerable.Range(0, c).Select(ch => image[(ch * side * side) + place])])));
        for (int i = 0; i < net.Positions.Length; i++) x[i / c].Values[i % c] += net.Positions[i];
        return x;
    }

    private static double[] Normed(VisionNet net, double[] patch) => net.StemNorm is { } norm ? Norm(norm, patch, net.Epsilon) : patch;

    /// <summary>Adds a block's attention to the tokens; returns each head's probabilities (n, n).</summary>
    private static double[][,] Attend(VisionBlock block, List<VisionToken> x, int grid, HashSet<(int, int)>? links, double epsilon)
    {
        int n = x.Count, a = block.Proj.K, d = a / block.Heads;
        double[][] qkv = [.. x.Select(t => Linear(block.Qkv, Norm(block.Norm1, t.Values, epsilon)))];   // (n, 3A)
        var p = new double[block.Heads][,];
        double[][] mixed = [.. x.Select(_ => new double[a])];                  // (n, A)
        for (int head = 0; head < block.Heads; head++)
        {
            p[head] = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                double[] scores = [.. Enumerable.Range(0, n).Select(j => Sees(i, j) ? Score(head, i, j) : double.NegativeInfinity)];
                double top = scores.Max(), sum = scores.Sum(s => Math.Exp(s - top));
                for (int j = 0; j < n; j++)
                {
                    p[head][i, j] = Math.Exp(scores[j] - top) / sum;
                    for (int c = 0; c < d; c++) mixed[i][(head * d) + c] += p[head][i, j] * qkv[j][(2 * a) + (head * d) + c];
                }
            }
        }
        for (int i = 0; i < n; i++) Add(x[i].Values, Linear(block.Proj, mixed[i]), block.Scale1);
        return p;

        bool Sees(int i, int j)
        {
            if (block.Window is { } window) return VisionEntry.Window(window, grid, x[i].Place) == VisionEntry.Window(window, grid, x[j].Place);
            return links is null || !x[i].IsPatch || !x[j].IsPatch || i == j || links.Contains((x[i].Place, x[j].Place));
        }

        double Score(int head, int i, int j)
        {
            double dot = 0;
            for (int c = 0; c < d; c++) dot += qkv[i][(head * d) + c] * qkv[j][a + (head * d) + c];
            return (dot / Math.Sqrt(d)) + (block.Window is { } window ? window.Bias[(head * VisionEntry.Relative(window)) + VisionEntry.Between(window, grid, x[i].Place, x[j].Place)] : 0);
        }
    }

    internal static double[] Linear(LinearLayer layer, double[] x)
    {
        if (x.Length != layer.K) throw new ArgumentException($"'{layer.Name}': expected {layer.K} inputs, got {x.Length}");
        double[] y = new double[layer.M];
        for (int m = 0; m < y.Length; m++)
        {
            y[m] = layer.Bias[m];
            for (int k = 0; k < x.Length; k++) y[m] += layer.Weights[(m * layer.K) + k] * x[k];
        }
        return y;
    }

    internal static double[] Norm(NormLayer norm, double[] x, double epsilon)
    {
        double mean = x.Average(), deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + epsilon);
        return [.. x.Select((v, c) => ((v - mean) / deviation * norm.Gain[c]) + norm.Bias[c])];
    }

    /// <summary>(inputs, side, side) -> (M, out, out).</summary>
    internal static double[] Convolve(ConvLayer conv, double[] image, int side)
    {
        int size = conv.Out(side), per = conv.Inputs / conv.Groups, k = conv.Kernel;
        double[] y = new double[conv.M * size * size];
        for (int i = 0; i < y.Length; i++)
        {
            int m = i / (size * size), row = i / size % size, column = i % size, first = m / (conv.M / conv.Groups) * per;
            double sum = conv.Bias[m];
            for (int at = 0; at < per * k * k; at++)
            {
                int r = (row * conv.Stride) - conv.Padding + (at / k % k), c = (column * conv.Stride) - conv.Padding + (at % k);
                if (r >= 0 && r < side && c >= 0 && c < side) sum += conv.Weights[(m * per * k * k) + at] * image[((first + (at / (k * k))) * side * side) + (r * side) + c];
            }
            y[i] = conv.Relu ? Math.Max(0, sum) : sum;
        }
        return y;
    }

    /// <summary>x Phi(x), with the exact normal distribution function.</summary>
    public static double Gelu(double x) => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>erf by its series of positive terms, 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (1 * 3 * .. * (2n+1)) (DLMF 7.6.2).</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);   // 1 - erf(6) is 2e-17
        double term = x, sum = x;
        for (int n = 1; n < 200 && Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static void Add(double[] to, double[] x, float[] scale)
    {
        for (int c = 0; c < to.Length; c++) to[c] += x[c] * scale[c];
    }
}
