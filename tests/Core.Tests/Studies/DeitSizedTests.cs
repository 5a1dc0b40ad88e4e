using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Studies.QuasarVit;

namespace Hone.Core.Tests.Studies;

public class DeitSizedTests
{
    [Fact]
    public void ANetAt224PixelsTakesAStepAndItsExportGivesTheSameClasses()
    {
        QuasarVitConfig config = QuasarVitConfig.DeitSized with { Batch = 1, Epochs = 1, FloatShare = 0, Threads = 1, Branches = Branches.Float32, WarmUpEpochs = 0 };
        var chance = new Chance(1, 90);
        byte[] pixels = new byte[224 * 224 * 3];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)chance.Next(256);
        var image = new ImageSet(pixels, [7], 3, 224, 224, 1000);
        byte[] weights = QuasarVitTraining.Run(config, image, null, null, null, TimeProvider.System, default);
        var block = new QuasarVitBlockGenome(3, 4, 0.5, 0.25, 0.75, 0.5);
        var genome = new QuasarVitGenome(192, Enumerable.Repeat(block, 12).ToValueList());
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights);
        float[] trained = evaluator.Logits(genome, image);
        using var runner = new ModelRunner(VitOnnx.Write(QuasarVitExport.Model(evaluator.Extract(genome))), 1);
        float[] exported = runner.Logits(image);
        Assert.Equal(1000, exported.Length);
        Assert.Equal(ModelRunner.Best(trained), ModelRunner.Best(exported));
        // Codes that meet a tie of rounding fall to either side over twelve blocks; everything else agrees.
        Assert.InRange(Rms(trained.Zip(exported, (t, e) => t - e)), 0, 0.1 * Rms(trained));

        static double Rms(IEnumerable<float> values) => Math.Sqrt(values.Average(v => (double)v * v));
    }
}
