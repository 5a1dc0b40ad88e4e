using Hone.Core.Tests.Neural;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Quantize;
using Hone.Neural.Vit;
using Hone.Studies.QuasarVit;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Hone.Core.Tests.Export;

public class MixedRowsTests
{
    private const int Columns = 7;
    private static readonly Lazy<byte[]> Trained = new(() => Tiny.Train());

    /// <summary>Members of a trained supernet whose four matrices hold every share of 8-bit rows.</summary>
    private static IEnumerable<QuasarVitGenome> Members() => ((double[])[0, 0.25, 0.5, 0.75, 1]).Select(share =>
        new QuasarVitGenome(32, Enumerable.Repeat(new QuasarVitBlockGenome(2, 2, share, 1 - share, share, share == 0.5 ? 0.25 : share), 2).ToValueList()));

    [Fact]
    public void TheIntegerProductTheExportedFileAndTheFakeQuantiserSayTheSame()
    {
        var chance = new Chance(6, 91);
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        using QuasarVitSupernet net = QuasarVitModel.Read(Trained.Value).Supernet();
        foreach (QuasarVitGenome genome in Members())
        {
            QuasarVitBlockWeights block = evaluator.Extract(genome).Blocks[1];
            VitBlock exported = QuasarVitExport.Model(evaluator.Extract(genome)).Blocks[1];
            foreach (var (name, w, linear) in new[] { ("qkv", block.Qkv, exported.Qkv), ("proj", block.Proj, exported.Proj), ("fc1", block.Fc1, exported.Fc1), ("fc2", block.Fc2, exported.Fc2) })
            {
                sbyte[] x = new sbyte[Columns * w.K];   // (columns, K), 6 bits
                for (int i = 0; i < x.Length; i++) x[i] = (sbyte)(chance.Next(64) - 32);
                float[] onnx = Run(linear, Array.ConvertAll(x, code => code * w.InputStep)), fake = Fake(net, name, w, x);
                for (int c = 0; c < Columns; c++)
                    for (int m = 0; m < w.M; m++)
                    {
                        int sum = 0;
                        for (int k = 0; k < w.K; k++) sum += w.Codes[m * w.K + k] * x[c * w.K + k];
                        double unit = (double)w.Scales[m] * w.InputStep, found = (onnx[c * w.M + m] - w.Bias[m]) / unit;
                        Assert.Equal(sum, (int)Math.Round(found));           // the same integer
                        Assert.Equal(sum, found, 0.05);                      // up to the rounding of at most 64 float32 sums of at most 64 x 32 x 128
                        Assert.Equal(sum, fake[c * w.M + m] / unit, 0.05);
                    }
            }
        }
    }

    [Fact]
    public void RowsStandInFourAndEightBitsAndOnlyWhereThereAreSome()
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(Trained.Value);
        foreach (QuasarVitGenome genome in Members())
        {
            QuantizedLinear fc1 = QuasarVitExport.Model(evaluator.Extract(genome)).Blocks[0].Fc1;
            byte[] file = Graph(fc1);
            int four = fc1.RowBits.Count(b => b == 4), eight = fc1.M - four;
            Assert.Equal(four > 0, Holds(file, "fc1.int4.codes"));
            Assert.Equal(eight > 0, Holds(file, "fc1.int8.codes"));
            Assert.Equal(four > 0 && eight > 0, Holds(file, "fc1.places"));
            // Everything but the codes: names, scales, places, nodes; the codes take half a byte or one.
            int codes = four * fc1.K / 2 + eight * fc1.K;
            Assert.InRange(file.Length, codes, codes + 2_000 + 16 * fc1.M);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(2, 4)]
    public void CodesOfFourBitsArePackedTwoToAByteLowHalfFirst(int rows, int columns)
    {
        sbyte[] codes = [.. Enumerable.Range(0, rows * columns).Select(i => (sbyte)(i % 16 - 8))];
        var linear = new QuantizedLinear("odd", rows, columns, codes, [.. Enumerable.Repeat(1f, rows)], [.. Enumerable.Repeat((byte)4, rows)], new float[rows]);
        byte[] packed = new byte[(codes.Length + 1) / 2];
        for (int i = 0; i < codes.Length; i++) packed[i / 2] += (byte)((codes[i] & 15) * (i % 2 == 0 ? 1 : 16));
        Assert.True(Graph(linear).AsSpan().IndexOf(packed) > 0);
        float[] x = [.. Enumerable.Range(0, Columns * columns).Select(i => (float)(i % 5 - 2))], y = Run(linear, x);
        for (int c = 0; c < Columns; c++)
            for (int m = 0; m < rows; m++)
                Assert.Equal(Enumerable.Range(0, columns).Sum(k => codes[m * columns + k] * x[c * columns + k]), y[c * rows + m]);
    }

    [Fact]
    public void ACodeThatDoesNotFitFourBitsIsRefused() =>
        Assert.Contains("-8..7", Assert.Throws<ArgumentException>(() => new OnnxGraph("g").Int4s("w", [8], 1, 1)).Message);

    // The rows as training sees them, (M, K) in real units, times the input.
    private static float[] Fake(QuasarVitSupernet net, string name, QuasarVitLinear w, sbyte[] codes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        int parts = name == "qkv" ? 3 : 1;
        Tensor Part(string of) => QuasarVitSupernet.Slice(net.Arena[$"b2.{name}{of}"], w.M, parts);
        Tensor rows = FakeQuantizer.Rows(Part("").narrow(1, 0, w.K), null, Part(".log4"), Part(".log8"), null, [.. w.Bits.Select(b => b == 8 ? 1f : 0f)], ScalarType.Float32);
        Tensor input = tensor(Array.ConvertAll(codes, code => code * w.InputStep)).view(Columns, w.K);
        return nn.functional.linear(input, rows).data<float>().ToArray();
    }

    private static byte[] Graph(QuantizedLinear linear)
    {
        var graph = new OnnxGraph("one");
        string y = VitOnnx.Linear(graph, graph.Input("x", -1, linear.K), linear with { In = null, Name = linear.Name.Split('.')[^1] });
        graph.Output(y, -1, linear.M);
        return graph.ToBytes();
    }

    private static float[] Run(QuantizedLinear linear, float[] x)
    {
        using var session = new InferenceSession(Graph(linear));
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [Columns, linear.K]))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static bool Holds(byte[] file, string name) => file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(name)) >= 0;
}
