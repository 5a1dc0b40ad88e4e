namespace Hone.Model;

/// <summary>The parts of <see cref="VisionReference"/> that drop tokens.</summary>
internal static class VisionSelection
{
    /// <summary>The tokens that go on: the class token, the kept patches in their order, the packages.</summary>
    public static List<VisionToken> Select(TokenSelector s, List<VisionToken> x, double epsilon)
    {
        List<VisionToken> scored = [.. x.Where(t => t.Place != VisionToken.Class)];
        if (scored.Count == 0) return x;                                       // an earlier selector has dropped every patch
        double[][] probabilities = [.. Scores(s, [.. scored.Select(t => t.Values)], epsilon)];   // (n)(keep, drop, their margin)
        bool[] keep = [.. scored.Select((t, i) => !t.IsPatch || probabilities[i][2] >= s.Threshold)];
        List<VisionToken> packages = [.. scored.Where(t => !t.IsPatch)];
        int[] dropped = [.. Enumerable.Range(0, scored.Count).Where(i => !keep[i])];
        if (dropped.Length > 0 && s.Package != PackageRule.None)
        {
            int[] merged = s.Package == PackageRule.Merged ? [.. dropped, .. Enumerable.Range(0, scored.Count).Where(i => !scored[i].IsPatch)] : dropped;
            double[] package = new double[x[0].Values.Length];
            foreach (int i in merged)
                for (int c = 0; c < package.Length; c++) package[c] += probabilities[i][0] * scored[i].Values[c];
            if (s.Package != PackageRule.PerStage)
            {
                double weight = Math.Max(merged.Sum(i => probabilities[i][0]), TokenSelector.LeastWeight);
                for (int c = 0; c < package.Length; c++) package[c] /= weight;
            }
            if (s.Package == PackageRule.Running && packages.Count > 0)
                for (int c = 0; c < package.Length; c++) package[c] += packages[0].Values[c];
            if (s.Package != PackageRule.PerStage) packages.Clear();
            packages.Add(new VisionToken(VisionToken.Package, package));
        }
        return [.. x.Where(t => t.Place == VisionToken.Class), .. scored.Where((t, i) => t.IsPatch && keep[i]), .. packages];
    }

    /// <summary>Per token its averaged probabilities of being kept and dropped, and the margin that decides.</summary>
    private static IEnumerable<double[]> Scores(TokenSelector s, double[][] x, double epsilon)
    {
        int h = s.Heads, n = x.Length, d = x[0].Length / h, half = d / 2;
        double[][] logs = [.. x.Select(_ => new double[2])], shares = [.. x.Select(_ => new double[2])];   // (n, 2)
        double[][] weights = [.. x.Select(t => Head(s, [.. Enumerable.Range(0, h).Select(i => t.AsSpan(i * d, d).ToArray().Average())]))];   // (n, h)
        for (int i = 0; i < h; i++)
        {
            double[][] e = [.. x.Select(t => t.AsSpan(i * d, d).ToArray()).Select(slice => VisionReference.Linear(s.Embed, s.Norm is null ? slice : VisionReference.Norm(s.Norm, slice, epsilon)).Select(VisionReference.Gelu).ToArray())];
            int from = s.Embed.M == d ? half : 0;
            double[] global = [.. Enumerable.Range(from, half).Select(c => e.Average(row => row[c]))];   // (d/2)
            for (int j = 0; j < n; j++)
            {
                double[] u = VisionReference.Linear(s.Fc1, [.. e[j].AsSpan(0, half), .. global]);
                u = VisionReference.Linear(s.Fc2, [.. u.Select(VisionReference.Gelu)]);
                u = VisionReference.Linear(s.Fc3, [.. u.Select(VisionReference.Gelu)]);
                double top = u.Max(), sum = u.Sum(v => Math.Exp(v - top));
                for (int column = 0; column < 2; column++)
                {
                    double share = Math.Exp(u[column] - top) / sum;
                    shares[j][column] += weights[j][i] * share;
                    logs[j][column] += weights[j][i] * (u[column] - top - Math.Log(sum));
                }
            }
        }
        for (int j = 0; j < n; j++)
        {
            double all = weights[j].Sum(), margin = s.Logarithms ? (logs[j][0] - logs[j][1]) / all : (shares[j][0] - shares[j][1]) / all;
            yield return [shares[j][0] / all, shares[j][1] / all, margin];
        }
    }

    private static double[] Head(TokenSelector s, double[] means) =>
        [.. VisionReference.Linear(s.HeadFc2, [.. VisionReference.Linear(s.HeadFc1, means).Select(VisionReference.Gelu)]).Select(v => 1 / (1 + Math.Exp(-v)))];

    /// <summary>The class token and the best patches in their old order, and which patches see each other from here on; null: all.</summary>
    /// <param name="p">Each head's probabilities, (n, n) of the tokens before.</param>
    public static (List<VisionToken> X, HashSet<(int, int)>? Links) KeepBest(BestPatches best, List<VisionToken> x, double[][,] p)
    {
        int patches = x.Count - 1, count = best.Kept(patches);
        int[] kept = [.. Enumerable.Range(1, patches).OrderByDescending(j => p.Average(head => head[0, j])).Take(count).Order()];
        List<VisionToken> rest = [x[0], .. kept.Select(i => x[i])];
        if (best.Links >= 1) return (rest, null);
        var links = new HashSet<(int, int)>();
        int seen = best.Seen(count);
        foreach (int i in kept)
        {
            double least = kept.Select(j => p.Average(head => head[i, j])).OrderDescending().ElementAt(seen - 1);
            foreach (int j in kept)
                if (p.Average(head => head[i, j]) >= least) links.Add((x[i].Place, x[j].Place));
        }
        return (rest, links);
    }
}
