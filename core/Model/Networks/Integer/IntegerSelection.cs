namespace Hone.Model;

/// <summary>The part of <see cref="HeatVitInteger"/> that drops tokens. Letters: n tokens without the class token, h heads of width d.</summary>
public static class IntegerSelection
{
    /// <summary>The tokens that go on: the class token, the kept patches in their order, the package.</summary>
    internal static List<IntegerToken> Select(IntegerSelector s, List<IntegerToken> x, int gelu, double epsilon)
    {
        List<IntegerToken> scored = [.. x.Where(t => t.Place != VisionToken.Class)];
        if (scored.Count == 0) return x;
        int[] scores = Scores(s, [.. scored.Select(t => t.Values)], gelu, epsilon);   // (n)
        bool[] goesOn = [.. scored.Select((t, i) => t.IsPatch && scores[i] >= s.Threshold)];
        List<IntegerToken> packages = [.. scored.Where(t => !t.IsPatch)];
        if (scored.Where((t, i) => t.IsPatch && !goesOn[i]).Any())             // the old package is merged into the new one
        {
            int[] members = [.. Enumerable.Range(0, scored.Count).Where(i => !goesOn[i])];
            packages = [new IntegerToken(VisionToken.Package, Package([.. members.Select(i => scored[i].Values)], [.. members.Select(i => scores[i])]))];
        }
        return [.. x.Where(t => t.Place == VisionToken.Class), .. scored.Where((_, i) => goesOn[i]), .. packages];
    }

    /// <summary>Scores (n) in units of 2^-16.</summary>
    private static int[] Scores(IntegerSelector s, int[][] x, int gelu, double epsilon)
    {
        int n = x.Length, h = s.Heads, d = x[0].Length / h;
        int[][] keeps = [.. x.Select(_ => new int[h])];                        // (n, h)
        for (int i = 0; i < h; i++)
        {
            sbyte[][] e = [.. x.Select(t => HeatVitInteger.Gelu(s.Embed, HeatVitInteger.Norm(s.Norm, t.AsSpan(i * d, d), epsilon), gelu, s.Fc1.InputPlaces))];   // (n, d/2)
            sbyte[] global = [.. Enumerable.Range(0, d / 2).Select(c => FixedPoint.Code(FixedPoint.Divide(e.Sum(row => (long)row[c]), n)))];
            for (int j = 0; j < n; j++)
            {
                sbyte[] hidden = HeatVitInteger.Gelu(s.Fc1, [.. e[j], .. global], gelu, s.Fc2.InputPlaces);
                int[] u = HeatVitInteger.Linear(s.Fc3, HeatVitInteger.Gelu(s.Fc2, hidden, gelu, s.Fc3.InputPlaces)), shares = new int[2];
                FixedPoint.Softmax(u, shares, FixedPoint.One, FixedPoint.One);
                keeps[j][i] = shares[0];
            }
        }
        return [.. x.Select((t, j) => Score(keeps[j], Weights(s, t, gelu)))];
    }

    /// <summary>The weights (h) of a token's heads in units of 2^-16.</summary>
    private static int[] Weights(IntegerSelector s, int[] token, int gelu)
    {
        int[] means = new int[s.Heads];
        Means(token, means);
        sbyte[] codes = [.. means.Select(m => FixedPoint.Code(FixedPoint.Round(m, FixedPoint.Places - s.HeadFc1.InputPlaces)))];
        return [.. HeatVitInteger.Linear(s.HeadFc2, HeatVitInteger.Gelu(s.HeadFc1, codes, gelu, s.HeadFc2.InputPlaces)).Select(FixedPoint.Sigmoid)];
    }

    /// <summary>Means of a token's head slices (h).</summary>
    public static void Means(ReadOnlySpan<int> token, Span<int> means)
    {
        int d = token.Length / means.Length;
        for (int i = 0; i < means.Length; i++)
        {
            long sum = 0;
            foreach (int v in token.Slice(i * d, d)) sum += v;
            means[i] = (int)FixedPoint.Divide(sum, d);
        }
    }

    /// <summary>sum a t / sum a over heads; where all weights are 0 the plain mean.</summary>
    /// <param name="keeps">t, shape (h).</param>
    /// <param name="weights">a, shape (h).</param>
    public static int Score(ReadOnlySpan<int> keeps, ReadOnlySpan<int> weights)
    {
        long sum = 0, all = 0, plain = 0;
        for (int i = 0; i < keeps.Length; i++) (sum, all, plain) = (sum + ((long)weights[i] * keeps[i]), all + weights[i], plain + keeps[i]);
        return (int)(all > 0 ? FixedPoint.Divide(sum, all) : FixedPoint.Divide(plain, keeps.Length));
    }

    /// <summary>sum s x / sum s over members; where all scores are 0 the plain mean.</summary>
    /// <param name="members">(m)(C).</param>
    /// <param name="scores">Shape (m).</param>
    public static int[] Package(int[][] members, int[] scores)
    {
        bool plain = scores.All(s => s == 0);
        long all = plain ? scores.Length : scores.Sum(s => (long)s);
        return [.. Enumerable.Range(0, members[0].Length).Select(c => (int)FixedPoint.Divide(members.Select((m, i) => (plain ? 1L : scores[i]) * m[c]).Sum(), all))];
    }
}
