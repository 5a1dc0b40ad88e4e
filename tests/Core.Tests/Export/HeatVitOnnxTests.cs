using Hone.Core.Tests.Neural.Vit;
using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Export;

public sealed class HeatVitOnnxTests
{
    private static readonly ImageSet Train = SmallVit.Images(64);
    private static readonly Lazy<byte[]> Weights = new(() => HeatVitTraining.Run(SmallVit.HeatVit, Train, null, null, null, TimeProvider.System, default));

    [Theory]
    [InlineData("")]
    [InlineData("0.8,0.5,0.3")]
    [InlineData("0.5,0.05,0.05")]   // some images lose every patch
    public void WhatOnnxRuntimeComputesIsTheIntegerNetNumberByNumber(string shares)
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Weights.Value);
        PruningPlan plan = shares == "" ? PruningPlan.Dense : new([1, 2, 3], [.. shares.Split(',').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))]);
        IntegerNet net = evaluator.Extract(evaluator.Calibrate(plan, Train));
        ImageSet images = SmallVit.Images(60, seed: 8);
        using var runner = new ModelRunner(IntegerOnnx.Write(net));
        float[] logits = runner.Logits(images);
        for (int i = 0; i < images.Count; i++)
        {
            int[] expected = HeatVitInteger.Run(net, images.Pixels.AsSpan(i * images.Stride, images.Stride)).Logits;
            for (int c = 0; c < 4; c++) Assert.Equal(FixedPoint.Real(expected[c]), logits[(i * 4) + c]);
        }
    }

    [Fact]
    public void TheWeightsFileHoldsEveryCodeAndItsPlaces()
    {
        using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(Weights.Value);
        IntegerNet net = evaluator.Extract(evaluator.Calibrate(new PruningPlan([2], [0.5]), Train));
        SafeTensorsFile file = SafeTensorsReader.Read(IntegerWeights.Write(net));
        Assert.Equal(IntegerWeights.Kind, file.Metadata["kind"]);
        foreach (IntegerLinear layer in net.Linears())
        {
            Assert.Equal(layer.Weights, file[$"{layer.Name}.codes"].Cast<sbyte>().ToArray());
            Assert.Equal(layer.WeightPlaces.ToString(System.Globalization.CultureInfo.InvariantCulture), file.Metadata[$"{layer.Name}.weight_places"]);
        }
        Assert.Equal("2", file.Metadata["blocks.2.selector.heads"]);
    }
}
