using Hone.Model;
using Hone.Neural.Vit;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class QuasarVitSubnetTests
{
    private static readonly Lazy<byte[]> Trained = new(() => Tiny.Train());

    private static IEnumerable<QuasarVitGenome> Genomes() =>
        Enumerable.Range(0, 6).Select(i => QuasarVitGenome.Random(Tiny.Config, new Chance(8, 1, (uint)i)))
            .Append(QuasarVitGenome.Largest(Tiny.Config)).Append(QuasarVitGenome.Smallest(Tiny.Config));

    [Fact]
    public void TheIntegerSubnetIsTheFakeQuantisedSupernetsSlice()
    {
        using var trainer = new QuasarVitTrainer(Tiny.Config, Tiny.Images(96));
        for (int i = 0; i < 13; i++) trainer.Next();
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(trainer.Weights());
        ImageSet test = Tiny.Images(40, seed: 3);
        foreach (QuasarVitGenome genome in Genomes())
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            Tensor codes = tensor(QuasarVitInput.Reader(Tiny.Config, test).Read(test)).view(40, 9, 16);
            float[] slice = trainer.Net.Forward(codes, genome, ScalarType.Float32).data<float>().ToArray();
            float[] integers = evaluator.Logits(genome, test);
            int far = 0;   // a value on a rounding edge may fall either way and moves a logit by a little
            for (int i = 0; i < slice.Length; i++)
            {
                Assert.Equal(slice[i], integers[i], 0.1f);
                if (Math.Abs(slice[i] - integers[i]) > 1e-3f) far++;
            }
            Assert.True(far < slice.Length / 10, $"{far} of {slice.Length} logits differ for {genome}");
        }
    }

    [Fact]
    public void IntegerAccumulatorsEqualTheFakeQuantisedLayer()
    {
        var chance = new Chance(4, 70);
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        foreach (QuasarVitGenome genome in Genomes())
        {
            QuasarVitBlockWeights block = evaluator.Extract(genome).Blocks[0];
            foreach (QuasarVitLinear linear in (QuasarVitLinear[])[block.Qkv, block.Proj, block.Fc1, block.Fc2])
            {
                using var scope = NewDisposeScope();
                const int Columns = 5;
                float[] x = new float[Columns * linear.K];
                for (int i = 0; i < x.Length; i++) x[i] = chance.Next(64) - 32;
                QuasarVitSubnet.Linear prepared = QuasarVitSubnet.Of(linear);
                Tensor input = tensor(x).view(1, Columns, linear.K);
                float[] sums = QuasarVitSubnet.Accumulate(input, prepared).data<float>().ToArray();
                float[] reals = QuasarVitSubnet.Apply(input, prepared).data<float>().ToArray();
                for (int c = 0; c < Columns; c++)
                    for (int m = 0; m < linear.M; m++)
                    {
                        long sum = 0;
                        double real = linear.Bias[m];
                        for (int k = 0; k < linear.K; k++)
                        {
                            sum += linear.Codes[m * linear.K + k] * (long)x[c * linear.K + k];
                            real += (double)linear.Scales[m] * linear.Codes[m * linear.K + k] * linear.InputStep * x[c * linear.K + k];
                        }
                        Assert.Equal(sum, (long)sums[c * linear.M + m]);
                        Assert.InRange(Math.Abs(real - reals[c * linear.M + m]), 0, 1e-5 * Math.Max(1, Math.Abs(real)));
                    }
            }
        }
    }

    [Fact]
    public void ASubnetIsTheLeadingSliceOfTheLargest()
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        QuasarVitWeights large = evaluator.Extract(QuasarVitGenome.Largest(Tiny.Config));
        var all8 = new QuasarVitBlockGenome(1, 1, 1, 1, 1, 1);
        QuasarVitWeights small = evaluator.Extract(new QuasarVitGenome(16, [all8]));
        Assert.Equal(large.Positions[..16], small.Positions[..16]);
        Assert.Equal(large.Positions[32..48], small.Positions[16..32]);
        QuasarVitLinear from = large.Blocks[0].Qkv, to = small.Blocks[0].Qkv;   // A 32 -> 16, E 32 -> 16
        for (int part = 0; part < 3; part++)
            for (int row = 0; row < 16; row++)
            {
                Assert.Equal(from.Scales[part * 32 + row], to.Scales[part * 16 + row]);
                Assert.Equal(from.Codes.AsSpan((part * 32 + row) * 32, 16).ToArray(), to.Codes.AsSpan((part * 16 + row) * 16, 16).ToArray());
            }
        (from, to) = (large.Blocks[0].Fc2, small.Blocks[0].Fc2);
        for (int row = 0; row < 16; row++) Assert.Equal(from.Codes.AsSpan(row * 64, 16).ToArray(), to.Codes.AsSpan(row * 16, 16).ToArray());
    }

    [Fact]
    public void BitsFollowTheRatioAndFourBitCodesStayWithinFourBits()
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        var block = new QuasarVitBlockGenome(2, 2, 0.5, 0, 1, 0.25);
        QuasarVitBlockWeights weights = evaluator.Extract(new QuasarVitGenome(32, [block])).Blocks[0];
        Assert.Equal((48, 0, 64, 16), (Eight(weights.Qkv), Eight(weights.Proj), Eight(weights.Fc1), Eight(weights.Fc2)));
        Assert.All(weights.Proj.Codes, c => Assert.InRange(c, (sbyte)-8, (sbyte)7));

        static int Eight(QuasarVitLinear linear) => linear.Bits.Count(b => b == 8);
    }

    [Fact]
    public void ImagesOfAnotherShapeAreRefusedWithBothShapes()
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        string message = Assert.Throws<HoneException>(() => evaluator.Logits(QuasarVitGenome.Largest(Tiny.Config), new ImageSet(new byte[784], [0], 1, 28, 28, 3))).Message;
        Assert.Contains("1x12x12", message, StringComparison.Ordinal);
        Assert.Contains("1x28x28", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsCutShortAreRefused() =>
        Assert.Contains("SHA-256", Assert.Throws<HoneException>(() => QuasarVitEvaluator.Open(Trained.Value.AsSpan(0, 5000))).Message, StringComparison.Ordinal);
}
