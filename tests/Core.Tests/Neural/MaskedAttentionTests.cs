using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class MaskedAttentionTests
{
    private const double Epsilon = 1e-6;

    private enum Way { Formula, Composed, Fused }

    /// <summary>Inputs of one attention: q, kv, and a mask of (B, n) and links of (B, n, n) of which about a third is 0, if wanted.</summary>
    private sealed record Case(AttentionShape Shape, bool Mask = true, bool Links = false, double Epsilon = Epsilon, ScalarType Type = ScalarType.Float32, ulong Seed = 1)
    {
        public Tensor? NewMask() => Mask ? Some(Seed + 3, Shape.Images, Shape.Keys).requires_grad_(true) : null;

        public Tensor? NewLinks() => Links ? Some(Seed + 4, Shape.Images, Shape.Keys, Shape.Keys) : null;
    }

    private sealed record Result(float[] O, float[] Q, float[] Kv, float[] Mask, float[] Mean);

    private static AttentionShape Square(int images, int heads, int width, int n) => new(images, heads, width, n, n, 0.25f, 0);

    private static float[] Values(Tensor t) => t.to_type(ScalarType.Float32).Numbers();

    /// <summary>1 or, once in three, 0.</summary>
    private static Tensor Some(ulong seed, params long[] shape)
    {
        var chance = new Chance(seed, 63);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => chance.Next(3) == 0 ? 0f : 1f).ToArray()).view(shape);
    }

    /// <summary>The formula as it is written, in float64; the maximum counts as a constant.</summary>
    private static (Tensor O, Tensor P) Formula(Tensor q, Tensor kv, Tensor? mask, Tensor? links, AttentionShape s, double epsilon)
    {
        int n = s.Keys;
        Tensor queries = q.to_type(ScalarType.Float64).view(s.Images, n, s.Heads, s.Width).transpose(1, 2);
        Tensor[] both = kv.to_type(ScalarType.Float64).view(s.Images, n, 2, s.Heads, s.Width).transpose(1, 3).unbind(2);
        Tensor l = matmul(queries, both[0].transpose(2, 3)) * s.Scale, own = eye(n, dtype: ScalarType.Float64);
        Tensor weight = mask is null ? ones(1, 1, n, n, ScalarType.Float64) : own + (mask.to_type(ScalarType.Float64).view(s.Images, 1, 1, n) * (1 - own));
        if (links is not null) weight = weight * (own + (links.to_type(ScalarType.Float64) * (1 - own))).unsqueeze(1);
        Tensor top = where(weight > 0, l, double.NegativeInfinity).detach().amax([-1], keepdim: true);
        Tensor e = (l - top).clamp_max(30).exp() * weight, p = (e + (epsilon / n)) / (e.sum([-1L], keepdim: true) + epsilon);
        return (matmul(p, both[1]).transpose(1, 2).reshape(s.Images, n, s.Inner), p);
    }

    private static Result All(Way way, Case c, Tensor? mask = null, Func<Tensor, Tensor>? keys = null)
    {
        using var scope = NewDisposeScope();
        AttentionShape s = c.Shape;
        int n = s.Keys;
        Tensor q = Tiny.Draw(c.Seed, 2, s.Images, n, s.Inner).to_type(c.Type).requires_grad_(true), drawn = Tiny.Draw(c.Seed + 1, 1, s.Images, n, 2 * s.Inner);
        Tensor kv = (keys is null ? drawn : keys(drawn)).to_type(c.Type).detach().requires_grad_(true);
        Tensor? m = mask?.detach().clone().requires_grad_(true) ?? c.NewMask(), links = c.NewLinks();
        Tensor mean = zeros(s.Images, n, n), o;
        if (way == Way.Formula)
        {
            (o, Tensor p) = Formula(q, kv, m, links, s, c.Epsilon);
            mean = p.detach().mean([1L]);
        }
        else o = way == Way.Fused ? MaskedAttention.Apply(q, kv, m, links, s.Heads, s.Scale, c.Epsilon, mean) : MaskedAttention.Composed(q, kv, m, links, mean, s, c.Epsilon);
        (o.to_type(ScalarType.Float32) * Tiny.Draw(c.Seed + 2, 1, s.Images, n, s.Inner)).sum().backward();
        return new Result(Values(o), Values(q.grad!), Values(kv.grad!), m is null ? [] : Values(m.grad!), Values(mean));
    }

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        double largest = expected.Select(MathF.Abs).DefaultIfEmpty().Max();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * largest);
    }

    private static void Near(Result expected, Result actual, double tolerance)
    {
        Near(expected.O, actual.O, tolerance);
        Near(expected.Q, actual.Q, tolerance);
        Near(expected.Kv, actual.Kv, tolerance);
        Near(expected.Mask, actual.Mask, tolerance);
        Near(expected.Mean, actual.Mean, tolerance);
    }

    [Theory]
    [InlineData(2, 3, 16, 50)]
    [InlineData(2, 4, 16, 51)]
    [InlineData(1, 2, 64, 197)]
    [InlineData(3, 1, 8, 7)]
    [InlineData(2, 2, 24, 2)]
    [InlineData(2, 1, 24, 8)]
    public void TheFusedFunctionAndTorchsOperationsAreTheFormulaForwardsAndBackwards(int images, int heads, int width, int n)
    {
        foreach (var (mask, links) in new[] { (true, false), (false, true), (true, true), (false, false) })
        {
            var c = new Case(Square(images, heads, width, n), mask, links);
            Result expected = All(Way.Formula, c);
            Near(expected, All(Way.Composed, c), 1e-5);
            Near(expected, All(Way.Fused, c), 1e-5);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ATokenAloneAttendsToItself(bool mask)
    {
        var c = new Case(Square(2, 3, 8, 1), mask, Links: true);
        Result expected = All(Way.Formula, c), actual = All(Way.Fused, c);
        Near(expected.O, actual.O, 1e-6);
        Near(expected.Kv, actual.Kv, 1e-6);
        Assert.All(actual.Q.Concat(actual.Mask), g => Assert.Equal(0, g, 1e-5));
        Assert.All(actual.Mean, p => Assert.Equal(1, p, 1e-6));
    }

    [Fact]
    public void AWidthThatIsNoWholeVectorGoesByTorchsOperations()
    {
        var c = new Case(Square(2, 2, 5, 7), Links: true);
        Near(All(Way.Formula, c), All(Way.Fused, c), 1e-5);
    }

    [Fact]
    public void TheGradientOfTheMaskIsTheSlopeAtZeroAndAtOne()
    {
        using var scope = NewDisposeScope();
        AttentionShape s = Square(1, 2, 8, 7);
        var c = new Case(s, Epsilon: 1e-3);
        Tensor q = Tiny.Draw(c.Seed, 2, 1, 7, 16), kv = Tiny.Draw(c.Seed + 1, 1, 1, 7, 32), weights = Tiny.Draw(c.Seed + 2, 1, 1, 7, 16).to_type(ScalarType.Float64), mask = tensor(new float[] { 1, 0, 1, 0, 0, 1, 1 }).view(1, 7);
        float[] gradient = All(Way.Fused, c, mask).Mask;
        for (int j = 0; j < 7; j++)
        {
            // The formula's maximum jumps where the mask turns positive, which moves P by the order of epsilon: a step that keeps the alive alive
            const double Step = 1e-4;
            bool dropped = mask[0, j].item<float>() == 0;
            double low = Loss(dropped ? -Step : 1 - Step), high = Loss(dropped ? 0 : 1 + Step);
            Assert.Equal((high - low) / (dropped ? Step : 2 * Step), gradient[j], 2e-3 * Math.Max(1, gradient.Max(MathF.Abs)));

            double Loss(double value)
            {
                Tensor moved = mask.to_type(ScalarType.Float64);
                moved[0, j] = value;
                return (Formula(q, kv, moved, null, s, c.Epsilon).O * weights).sum().item<double>();
            }
        }
    }

    [Fact]
    public void WithoutEpsilonItIsTheAttentionAmongTheTokensAlive()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor q = Tiny.Draw(1, 2, 1, 51, 64), kv = Tiny.Draw(2, 1, 1, 51, 128), mask = Some(3, 1, 51);
        long[] alive = [.. Enumerable.Range(0, 51).Where(j => mask[0, j].item<float>() > 0).Select(j => (long)j)];
        Tensor index = tensor(alive);
        float[] expected = Values(Attention.Apply(q.index_select(1, index), kv.index_select(1, index), 4, 0.25, 0));
        Near(expected, Values(MaskedAttention.Apply(q, kv, mask, null, 4, 0.25, 0, null).index_select(1, index)), 1e-6);
    }

    [Fact]
    public void ADroppedTokenStillMeetsItself()
    {
        using var scope = NewDisposeScope();
        Tensor mean = zeros(2, 7, 7);
        MaskedAttention.Apply(Tiny.Draw(1, 2, 2, 7, 32), Tiny.Draw(2, 1, 2, 7, 64), zeros(2, 7), zeros(2, 7, 7), 2, 0.25, 0, mean);
        Assert.Equal(Values(eye(7).expand(2, 7, 7)), Values(mean));
    }

    [Fact]
    public void WithAllOthersDroppedEveryNumberIsFinite()
    {
        var c = new Case(Square(2, 2, 16, 10));
        Result expected = All(Way.Formula, c, zeros(2, 10)), actual = All(Way.Fused, c, zeros(2, 10));
        Near(expected.O, actual.O, 1e-5);
        Near(expected.Mask, actual.Mask, 1e-5);
        Assert.All([.. actual.O, .. actual.Q, .. actual.Kv, .. actual.Mask], v => Assert.True(float.IsFinite(v)));
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e18)]
    public void ADroppedTokensHugeScoreLeavesTheOthersAsTheyAreAndTheGradientsFinite(double factor)
    {
        Tensor mask = ones(1, 7);
        mask[0, 3] = 0;
        var c = new Case(Square(1, 2, 16, 7));
        Result plain = All(Way.Fused, c, mask), huge = All(Way.Fused, c, mask, Grown), formula = All(Way.Formula, c, mask, Grown);
        Near(formula.Mask, huge.Mask, 1e-5);
        Assert.All([.. huge.O, .. huge.Q, .. huge.Kv, .. huge.Mask], v => Assert.True(float.IsFinite(v)));
        for (int i = 0; i < 7; i++)
            if (i != 3) Near(plain.O[(i * 32)..((i + 1) * 32)], huge.O[(i * 32)..((i + 1) * 32)], 1e-4);

        Tensor Grown(Tensor kv)
        {
            kv = kv.clone();
            kv[0, 3, TensorIndex.Slice(0, 32)] *= (float)factor;   // the keys of token 3
            return kv;
        }
    }

    [Fact]
    public void TheClassTokensRowIsTheFirstOfTheMean()
    {
        using var scope = NewDisposeScope();
        Tensor q = Tiny.Draw(1, 2, 3, 51, 64), kv = Tiny.Draw(2, 1, 3, 51, 128), mask = Some(3, 3, 51), all = zeros(3, 51, 51), first = full(3, 1, 51, float.NaN);
        float[] o = Values(MaskedAttention.Apply(q, kv, mask, null, 4, 0.25, Epsilon, all));
        Assert.Equal(o, Values(MaskedAttention.Apply(q, kv, mask, null, 4, 0.25, Epsilon, first)));
        Assert.Equal(Values(all.narrow(1, 0, 1)), Values(first));
        Assert.All(Values(all.sum(-1)), row => Assert.Equal(1, row, 1e-5));
    }

    [Fact]
    public void WithoutMaskLinksAndMeanItIsThePlainAttention()
    {
        using var scope = NewDisposeScope();
        Tensor q = Tiny.Draw(1, 2, 2, 7, 32), kv = Tiny.Draw(2, 1, 2, 7, 64);
        Assert.Equal(Values(Attention.Apply(q, kv, 2, 0.25, 0)), Values(MaskedAttention.Apply(q, kv, null, null, 2, 0.25, Epsilon, null)));
        Near(Values(Attention.Apply(q, kv, 2, 0.25, 0)), Values(MaskedAttention.Apply(q, kv, null, null, 2, 0.25, 0, zeros(2, 1, 7))), 1e-6);
    }

    [Fact]
    public void AMaskWithoutGradientGetsNone()
    {
        using var scope = NewDisposeScope();
        Tensor q = Tiny.Draw(1, 2, 2, 7, 32).requires_grad_(true), kv = Tiny.Draw(2, 1, 2, 7, 64), mask = Some(3, 2, 7);
        MaskedAttention.Apply(q, kv, mask, null, 2, 0.25, Epsilon, null).sum().backward();
        Assert.Null(mask.grad);
        Assert.NotNull(q.grad);
    }

    [Fact]
    public void BFloat16DiffersByItsRoundingAlone()
    {
        var c = new Case(Square(2, 2, 16, 50), Links: true, Type: ScalarType.BFloat16);
        Result expected = All(Way.Formula, c), actual = All(Way.Fused, c);
        Near(expected.O, actual.O, 1.0 / 128);
        Near(expected.Q, actual.Q, 1.0 / 64);
        Near(expected.Kv, actual.Kv, 1.0 / 64);
        Near(expected.Mask, actual.Mask, 1.0 / 64);
        Near(expected.Mean, actual.Mean, 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void TheSameNumbersGiveTheSameBits(ScalarType type)
    {
        var c = new Case(Square(2, 3, 16, 51), Links: true, Type: type);
        Assert.Equivalent(All(Way.Fused, c), All(Way.Fused, c), strict: true);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        using var scope = NewDisposeScope();
        Tensor q = zeros(2, 5, 16), kv = zeros(2, 5, 32);
        Assert.Contains("mask (2, 5)", Assert.Throws<ArgumentException>(() => MaskedAttention.Apply(q, kv, zeros(2, 5, 1), null, 1, 1, 0, null)).Message);
        Assert.Contains("links (2, 5, 5)", Assert.Throws<ArgumentException>(() => MaskedAttention.Apply(q, kv, null, zeros(2, 5), 1, 1, 0, null)).Message);
        Assert.Contains("mean (2, 5, 5)", Assert.Throws<ArgumentException>(() => MaskedAttention.Apply(q, kv, null, null, 1, 1, 0, zeros(2, 2, 5))).Message);
        Assert.Contains("as many queries", Assert.Throws<ArgumentException>(() => MaskedAttention.Apply(zeros(2, 1, 16), kv, zeros(2, 5), null, 1, 1, 0, null)).Message);
    }
}
