using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>What the clock says: a budget of measured latency held on images that nothing was set by, and a training step under masks.</summary>
internal sealed class SpvitSpeed(TokenScale scale, TokenImages images, double cut)
{
    private const double Budget = 0.65;            // of the dense net's time
    private const int Timed = 1_000, Tried = 300, Steps = 60, Repetitions = 3;
    private readonly ValueList<ulong> _seeds = scale.Seeds.Take(Repetitions).ToValueList();

    public EvidencePart Part => new("speed", $"{images.Name}: a budget of measured latency, and the time of a training step, {_seeds.Count} repetitions", new(() => _seeds.SelectMany(s => (Unit[])[Latency(s), Step(s)]).ToValueList()), Rows,
    [
        string.Create(CultureInfo.InvariantCulture, $"Budget: {Budget:P0} of the dense net's time on this processor's engine, batch 1, one thread. The plan is scaled until {Tried} training images take that long on average; the net is trained on for {scale.QuantEpochs} epochs under it, and its thresholds are set on {scale.CalibrationImages:#,0} training images. Each of the first {Timed:#,0} test images is then timed in turn with the dense net, the least of three times; the dense net is the sentinel."),
        string.Create(CultureInfo.InvariantCulture, $"Steps: {Steps} of each kind in turn, the teacher's answers known before; a cut of {cut:P0}."),
        "Nothing else runs beside it.",
    ], Timed: true);

    private PruningConfig Config(ulong seed)
    {
        int depth = images.Shape.Depth;
        return new PruningConfig { Shape = images.Shape, Dense = scale.Run(seed), Positions = [depth / 4, depth / 2, 3 * depth / 4], TuneEpochs = scale.QuantEpochs };
    }

    private Unit Latency(ulong seed)
    {
        PruningConfig config = Config(seed);
        Unit dense = DenseUnits.Of(images, scale, seed);
        return new Unit($"latency/{images.Name}/{seed}", Inputs(config, new JsonObject { ["budget"] = Budget, ["timed"] = Timed, ["tried"] = Tried, ["calibration"] = scale.CalibrationImages }),
            new Cost(config.TuneEpochs * scale.TrainImages, scale.TrainImages + (60 * Tried)), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed), calibration = TokenImages.First(train, scale.CalibrationImages), test = TokenImages.First(images.Test, Timed);
            byte[] start = PruningTraining.Begin(config, run.Blob(dense));
            using var workers = new Workers(1);
            PruningPlan plan = Planned(config, start, calibration, workers);
            byte[] weights = PruningTraining.Tune(config, start, new PruningThresholds(plan, []), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using PruningEvaluator evaluator = PruningEvaluator.Open(weights);
            double[][] ms = Times([Dense(evaluator), Pruned(evaluator, plan, calibration, workers)], test, 3, workers);
            double whole = ms[0].Average();
            double[] sorted = [.. ms[1].Order()];
            return new UnitResult(new JsonObject
            {
                ["plan"] = plan.ToString(), ["denseMs"] = Math.Round(whole, 5), ["mean"] = Math.Round(sorted.Average() / whole / Budget, 5), ["p95"] = Math.Round(sorted[(int)(0.95 * (sorted.Length - 1))] / whole / Budget, 5),
            });
        });
    }

    private Unit Step(ulong seed)
    {
        PruningConfig config = Config(seed);
        PruningPlan plan = PruningPlanning.ForCut(config, cut);
        return new Unit($"spvitstep/{images.Name}/{seed}", Inputs(config, new JsonObject { ["plan"] = plan.ToString(), ["steps"] = Steps }), new Cost(2.0 * Steps * scale.Batch, 1_000), [], _ =>
        {
            var (dense, masked) = PruningStepBench.Run(config, plan, images.Train(seed, 1_000), Steps, TimeProvider.System);
            return new UnitResult(new JsonObject { ["dense"] = Math.Round(1000 * dense, 4), ["masked"] = Math.Round(1000 * masked, 4) });
        });
    }

    /// <summary>The plan whose mean time over some images meets the budget, before selectors have learned: how many patches are kept decides it, not which.</summary>
    private static PruningPlan Planned(PruningConfig config, byte[] start, ImageSet calibration, Workers workers)
    {
        using PruningEvaluator evaluator = PruningEvaluator.Open(start);
        ImageSet some = TokenImages.First(calibration, Tried);
        return LatencyPlanning.Scale(PruningPlanning.ForCut(config, 0.3), Share, Budget);

        double Share(PruningPlan plan)
        {
            if (plan.Blocks.Count == 0) return 1;
            double[][] ms = Times([Dense(evaluator), Pruned(evaluator, plan, some, workers)], some, 1, workers);
            return ms[1].Average() / ms[0].Average();
        }
    }

    private static VisionNet Dense(PruningEvaluator evaluator) => evaluator.Extract(new PruningThresholds(PruningPlan.Dense, []));

    private static VisionNet Pruned(PruningEvaluator evaluator, PruningPlan plan, ImageSet calibration, Workers workers)
    {
        float[] thresholds = VisionSets.Thresholds(evaluator.Extract(new PruningThresholds(plan, [.. plan.Blocks.Select(_ => 0f)])), plan.Shares.Span, calibration, workers);
        return evaluator.Extract(new PruningThresholds(plan, [.. thresholds]));
    }

    /// <summary>(nets)(images): milliseconds, the nets in turn on each image, the least of some times.</summary>
    private static double[][] Times(VisionNet[] nets, ImageSet images, int times, Workers workers)
    {
        VisionEngine[] engines = [.. nets.Select(net => new VisionEngine(net, workers))];
        double[][] ms = [.. nets.Select(_ => new double[images.Count])];
        float[] logits = new float[nets[0].Classes];
        for (int i = -20; i < images.Count; i++)                               // the first 20 warm up
            for (int which = 0; which < engines.Length; which++)
            {
                double least = double.PositiveInfinity;
                for (int time = 0; time < times; time++)
                {
                    long began = ThreadClock.Instance.GetTimestamp();
                    engines[which].Run(images.Pixels.AsSpan(Math.Abs(i) * images.Stride, images.Stride), 1, logits);
                    least = Math.Min(least, ThreadClock.Instance.GetElapsedTime(began).TotalMilliseconds);
                }
                if (i >= 0) ms[which][i] = least;
            }
        return ms;
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        yield return Over("mean time of test images over the budget", "ratio", s => (double)findings[Latency(s)]["mean"]!);
        yield return Over("95th percentile of their times over the budget", "ratio", s => (double)findings[Latency(s)]["p95"]!);
        yield return Over("the dense net, batch 1, one thread", "ms", s => (double)findings[Latency(s)]["denseMs"]!);
        yield return Over("a training step with selectors and masks over a dense one", "ratio", s => (double)findings[Step(s)]["masked"]! / (double)findings[Step(s)]["dense"]!);
    }

    private EvidenceRow Over(string statement, string metric, Func<ulong, double> value) => new(images.Name, statement, metric, Origin.Measured, PairedBootstrap.Of([.. _seeds.Select(s => (double[])[value(s)])], seed: 1));

    private JsonObject Inputs(PruningConfig config, JsonObject more)
    {
        more["revision"] = TokenScale.Revision;
        more["data"] = images.Name;
        more["content"] = images.Content;
        more["train"] = scale.TrainImages;
        more["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options);
        return more;
    }
}
