using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Export;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// The best member of the full study against its float twin on the test set: the same genes trained alone in float with at least as many image passes. The
/// member is read from the study's result folder once; what is kept of it is which test images it gets right.
/// </summary>
internal sealed class FullPart(Scale scale)
{
    /// <summary>Where the study leaves its result: <c>hone run client/studies/quasar-vit-full.yaml --out artifacts/quasar-vit-full</c>.</summary>
    private const string Result = "artifacts/quasar-vit-full", Study = "client/studies/quasar-vit-full.yaml";

    private const int Epochs = 32;   // the study's 30 and the fine-tuning's 2
    private readonly Pictures _pictures = Pictures.FashionMnist;

    public EvidencePart Part => new("full", "The full study's best member and its float twin, on the test set", new(() => [Member(), Twin()]), Rows,
    [
        $"Member 1 of `hone run {Study} --out {Result}` (seed 1), its exported file run by ONNX Runtime; the twin has the same genes, {Epochs} epochs of float training alone, one seed.",
        "The interval resamples test images only: one study and one twin say nothing about other seeds.",
    ]);

    // As the study file says; the twin in float throughout.
    private Recipe Recipe => scale == Scale.Full ? new(Epochs: Epochs, Batch: 64, PeakRate: 0.003, WarmUpEpochs: 1, FloatShare: 1) : scale.Recipe with { FloatShare = 1 };

    private Unit Member() => new("full/member", new JsonObject { ["study"] = Study, ["seed"] = 1 }, new Cost(0, 10_000), [], _ =>
    {
        string folder = Path.Combine(Places.Repository, Result, "models", "1");
        if (!Directory.Exists(folder)) throw new HoneException($"expected the result of the full study in {Result}, there is none; make it with: hone run {Study} --out {Result}");
        ImageSet test = _pictures.Test();
        using ModelRunner model = ModelRunner.Open(Path.Combine(folder, "model.onnx"));
        float[] logits = model.Logits(test);   // (N, classes)
        var right = new bool[test.Count];
        for (int i = 0; i < right.Length; i++) right[i] = ModelRunner.Best(logits.AsSpan(i * test.Classes, test.Classes)) == test.Labels[i];
        return new UnitResult(new JsonObject
        {
            ["key"] = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))!["key"]!, ["right"] = Convert.ToBase64String(new CorrectBits(right).ToBytes()),
        });
    });

    private Unit Twin()
    {
        QuasarVitConfig config = Recipe.Config(_pictures, 1) with { Distillation = 0 };
        Unit member = Member();
        return new Unit("full/twin", SupernetUnits.Inputs(_pictures, scale, config), new Cost((double)config.Epochs * config.Images, 10_000), [member], run =>
        {
            QuasarVitGenome genome = QuasarVitGenome.From(QuasarVitSpace.Build(config).Parse((string)run.Found(member)["key"]!));
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(
                QuasarVitTraining.RunAlone(config, genome, _pictures.Train(scale, 1), null, TimeProvider.System, run.Cancel), 1);
            return new UnitResult(new JsonObject { ["right"] = Convert.ToBase64String(evaluator.EvaluateFloat(genome, _pictures.Test()).ToBytes()) });
        });
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        int[] member = Right(findings[Member()]), twin = Right(findings[Twin()]);
        yield return Row("best member, mixed rows", "accuracy on the test set, %", i => member[i]);
        yield return Row("its float twin", "accuracy on the test set, %", i => twin[i]);
        yield return Row("mixed minus float twin", "accuracy on the test set, points", i => member[i] - twin[i]) with { Compares = true, Margin = 1 };

        EvidenceRow Row(string statement, string metric, Func<int, double> value) =>
            new(_pictures.Name, statement, metric, Origin.Trained, PairedBootstrap.Of([[.. Enumerable.Range(0, member.Length).Select(i => 100.0 * value(i))]], seed: 1, resamples: 2_000));
    }

    private static int[] Right(JsonObject found)
    {
        byte[] bytes = Convert.FromBase64String((string)found["right"]!);
        return [.. Enumerable.Range(0, 10_000).Select(i => (bytes[i >> 3] >> (i & 7)) & 1)];
    }
}
