using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class HeatVitDampingTests
{
    [Fact]
    public void DampingBreaksAFrozenNetAndTrainingMendsIt()
    {
        ImageSet train = SmallVit.Images(256), test = SmallVit.Images(400, seed: 9);
        HeatVitConfig damped = SmallVit.HeatVit with
        {
            Pruning = SmallVit.HeatVit.Pruning with { Dense = SmallVit.Run with { Epochs = 14, Batch = 16 }, SharedEpochs = 1 }, RangeImages = 256, QuantEpochs = 4, QuantRate = 2e-3,
        };
        HeatVitConfig undamped = damped with { Delta1 = 1, Delta2 = 1 };
        byte[] real = PruningTraining.Run(damped.Pruning, train, null, null, null, TimeProvider.System, default);
        using PruningEvaluator evaluator = PruningEvaluator.Open(real);
        float[] exact = evaluator.LogitsOfAll(test);
        var (accuracy, _) = Judge(exact);
        var (near, nearError) = Judge(Logits(HeatVitTraining.Freeze(undamped, real, train)));
        var (broken, brokenError) = Judge(Logits(HeatVitTraining.Freeze(damped, real, train)));
        var (mended, _) = Judge(Logits(HeatVitTraining.Quantise(damped, real, train, null, null, null, TimeProvider.System, default)));
        string seen = $"float {accuracy:P1}, undamped {near:P1} (off by {nearError:F3}), damped and frozen {broken:P1} (off by {brokenError:F3}), damped and trained {mended:P1}";
        Assert.True(accuracy > 0.85, seen);
        Assert.True(near > accuracy - 0.03, seen);                             // 8 bits and polynomials alone cost little
        Assert.True(broken < accuracy - 0.04, seen);                           // damping that nobody trained for costs much
        Assert.True(brokenError > 3 * nearError, seen);
        Assert.True(mended > accuracy - 0.03, seen);

        float[] Logits(byte[] weights)
        {
            using HeatVitEvaluator nets = HeatVitEvaluator.Open(weights);
            return nets.Logits(nets.Calibrate(PruningPlan.Dense, train), test);
        }

        (double Accuracy, double Error) Judge(float[] logits) =>
            (Hone.Neural.CorrectBits.Of(logits, test.Labels, 4).Accuracy, logits.Zip(exact, (a, b) => Math.Abs(a - b)).Average());
    }
}
