using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Devices.Cpu.Runtime.Operations;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class AttentionOperationTests
{
    private const double Bound = 1e-5;   // of the largest output
    private const double CodeBound = 0.03, CodeLargest = 2;   // of the largest value

    [Fact]
    public void AttentionOfATokenToAllTokensIsThatOfTheReferenceAtAwkwardSizes()
    {
        foreach (int tokens in Operands.Awkward)
        foreach (int width in Operands.Awkward)
            Check(new AttentionShape(2, 3, 3, width, tokens, tokens));
    }

    [Fact]
    public void QueriesMayBeFewerOrMoreThanKeys()
    {
        foreach (int queries in Operands.Awkward)
        foreach (int keys in Operands.Awkward)
            Check(new AttentionShape(2, 4, 2, 8, queries, keys));
    }

    [Fact]
    public void CausalAttentionSeesNothingLaterAndNothingBeforeItsWindow()
    {
        foreach (int tokens in Operands.Awkward)
        foreach (int window in new[] { 0, 1, 5, 20 })
        {
            Check(new AttentionShape(1, 2, 1, 16, tokens, tokens, Causal: true, window));
            Check(new AttentionShape(2, 2, 2, 7, tokens, tokens + 40, Causal: true, window));
        }
    }

    [Fact]
    public void ACacheGivesTheEarlierKeysAndTheNewOnesAreItsLast()
    {
        foreach (int queries in new[] { 1, 2, 5 })
        foreach (int keys in new[] { 5, 17, 64 })
        foreach (int window in new[] { 0, 3 })
        {
            Check(new AttentionShape(2, 6, 2, 15, queries, keys, Causal: true, window, Cache: true));
            Check(new AttentionShape(1, 2, 1, 33, queries, keys, Cache: true));
        }
    }

    [Fact]
    public void LargeScoresStayFinite()
    {
        var shape = new AttentionShape(1, 1, 1, 16, 9, 9);
        float[] y = Operands.Run(parts => new AttentionOperation(shape, new FloatHeads(shape, [], parts)), Operands.Draw(shape.Inputs, 1, range: 1e4f));
        Assert.All(y, v => Assert.True(float.IsFinite(v)));
    }

    private static void Check(AttentionShape shape)
    {
        float[] x = Operands.Draw(shape.Inputs, 1, range: 2), before = shape.Cache ? Operands.Draw(shape.Batch * shape.KvHeads * shape.Keys * 2 * shape.Width, 2) : [];
        double[] expected = Reference(shape, x, before);
        Operands.Near(expected, Operands.Run(parts => new AttentionOperation(shape, new FloatHeads(shape, before, parts)), x), Bound, shape.ToString());
        if (CodeHeads.AreFaster && !shape.Cache) Operands.Near([.. expected, CodeLargest], [.. Operands.Run(parts => new AttentionOperation(shape, new CodeHeads(shape, parts)), x), (float)CodeLargest], CodeBound, $"{shape} in codes");
    }

    // By the definition, in double: where operands lie is written out here once more, as the shape's description says it.
    private static double[] Reference(AttentionShape s, float[] x, float[] before)
    {
        bool joined = s.Cache || s.Queries == s.Keys;
        int all = (s.Heads + 2 * s.KvHeads) * s.Width, old = s.Cache ? s.Keys - s.Queries : 0;
        double Query(int b, int h, int i, int c) => x[joined ? (b * s.Queries + i) * all + h * s.Width + c : ((b * s.Queries + i) * s.Heads + h) * s.Width + c];
        double Memory(int b, int h, int j, int c, int v) => j < old ? before[(((b * s.KvHeads + h) * s.Keys + j) * 2 + v) * s.Width + c]
            : x[joined ? (b * s.Queries + j - old) * all + (s.Heads + v * s.KvHeads + h) * s.Width + c : s.Batch * s.Queries * s.Heads * s.Width + ((b * s.Keys + j) * 2 * s.KvHeads + v * s.KvHeads + h) * s.Width + c];
        double[] y = new double[s.Batch * s.Queries * s.Heads * s.Width];
        for (int b = 0; b < s.Batch; b++)
        for (int h = 0; h < s.Heads; h++)
        for (int i = 0; i < s.Queries; i++)
        {
            int last = s.Keys - s.Queries + i, kv = h / (s.Heads / s.KvHeads);
            int[] seen = [.. Enumerable.Range(0, s.Keys).Where(j => !s.Causal || j <= last && (s.Window == 0 || j > last - s.Window))];
            double[] scores = [.. seen.Select(j => Enumerable.Range(0, s.Width).Sum(c => Query(b, h, i, c) * Memory(b, kv, j, c, 0)) / Math.Sqrt(s.Width))];
            double most = scores.Max(), sum = scores.Sum(v => Math.Exp(v - most));
            for (int c = 0; c < s.Width; c++)
                y[((b * s.Queries + i) * s.Heads + h) * s.Width + c] = seen.Select((j, at) => Math.Exp(scores[at] - most) / sum * Memory(b, kv, j, c, 1)).Sum();
        }
        return y;
    }
}
