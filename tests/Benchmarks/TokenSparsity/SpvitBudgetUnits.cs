using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>The plannings, trainings and tests of SPViT's budgets.</summary>
internal sealed class SpvitBudgetUnits(TokenScale scale, TokenImages images)
{
    /// <summary>Training images of a plan that insertion tries, and others that judge it.</summary>
    public const int Inserted = 5_000, Judged = 5_000;

    public static readonly Board Board = BoardCatalog.Zcu102EighthInt;

    private const int Sensitive = 1_000;           // other training images that losses of shares are taken on [SPViT's sheet]
    private const int MostSteps = 9;               // that a share is lowered by
    private static readonly FpgaDevice Device = new(Board);

    /// <summary>A plan for a budget, trained. Without a result but the plan's absence where no shares meet it.</summary>
    /// <param name="budget">Share of the dense net's modelled latency.</param>
    public Unit Arm(PlanBy by, double budget, ulong seed)
    {
        PruningConfig config = Config(seed) with { TuneEpochs = scale.QuantEpochs };
        Unit dense = DenseUnits.Of(images, scale, seed);
        Unit? insertion = by == PlanBy.Insertion ? Insertion(seed) : null;
        JsonObject inputs = Inputs(config);
        (inputs["by"], inputs["budget"], inputs["board"], inputs["sensitive"], inputs["calibration"], inputs["test"]) = (by.ToString(), budget, Board.Name, Sensitive, scale.CalibrationImages, scale.TestImages);
        return new Unit($"budget/{images.Name}/{by}/{budget}/{seed}", inputs, new Cost(config.TuneEpochs * scale.TrainImages, scale.TestImages + scale.CalibrationImages), insertion is null ? [dense] : [dense, insertion], run =>
        {
            double most = budget * Ms(config, PruningPlan.Dense);
            byte[] start = PruningTraining.Begin(config, run.Blob(dense));
            PruningPlan plan;
            try
            {
                plan = insertion is null ? Planned(by, config, start, seed, budget, most) : LatencyPlanning.Fit(run.Found(insertion)["plan"].Deserialize<PruningPlan>(StudyJson.Options)!, p => Ms(config, p), most);
            }
            catch (SpecException e)
            {
                return new UnitResult(new JsonObject { ["unmet"] = e.Message });
            }
            PruningConfig planned = config with { Positions = plan.Blocks };
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed);
            byte[] weights = PruningTraining.Tune(planned, PruningTraining.Begin(planned, run.Blob(dense)), new PruningThresholds(plan, []), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using PruningEvaluator evaluator = PruningEvaluator.Open(weights);
            PruningOutcome outcome = evaluator.Evaluate(evaluator.Calibrate(plan, TokenImages.First(train, scale.CalibrationImages)), images.Test);
            return new UnitResult(new JsonObject
            {
                ["plan"] = plan.ToString(), ["right"] = Found.Bits(outcome.Correct), ["overBudget"] = Math.Round(HeatVitUnits.Ms(Device, planned, planned.Bits, plan, outcome.Kept) / most, 5),
            });
        });
    }

    /// <summary>Which selectors, with which shares, training itself asks for.</summary>
    private Unit Insertion(ulong seed)
    {
        SelectorInsertion begin = SelectorInsertion.Begin(images.Shape.Depth);
        PruningConfig config = Config(seed) with { Positions = begin.Order.Order().ToValueList(), TuneEpochs = scale.QuantEpochs };
        Unit dense = DenseUnits.Of(images, scale, seed);
        JsonObject inputs = Inputs(config);
        (inputs["inserted"], inputs["judged"]) = (Inserted, Judged);
        int plans = begin.Order.Count * MostSteps;             // at most
        return new Unit($"insertion/{images.Name}/{seed}", inputs, new Cost(plans * scale.QuantEpochs * Inserted, plans * (Judged + (2 * Inserted))), [dense], run =>
        {
            ImageSet train = images.Train(seed, Math.Min(Inserted, scale.TrainImages)), judged = images.Others(seed, Math.Min(Judged, scale.TrainImages));
            var (state, weights) = Resumed(run) ?? (begin, PruningTraining.Begin(config, run.Blob(dense)));
            while (state.Asks is not null)
            {
                (state, weights) = LatencyAwareTraining.Next(config, state, weights, train, judged, null, TimeProvider.System, run.Cancel);
                run.Save(stream => Write(stream, state, weights));
            }
            return new UnitResult(new JsonObject { ["plan"] = JsonSerializer.SerializeToNode(state.Plan, StudyJson.Options), ["judged"] = Math.Round(state.Accuracy, 3) });
        });
    }

    private PruningPlan Planned(PlanBy by, PruningConfig config, byte[] start, ulong seed, double budget, double most)
    {
        if (by == PlanBy.EqualShares) return PruningPlanning.Equal(config, p => Ms(config, p), most);
        using PruningEvaluator evaluator = PruningEvaluator.Open(start);
        ImageSet some = images.Others(seed, Math.Min(Sensitive, scale.TrainImages));
        var losses = new Dictionary<PruningPlan, double>();
        LatencyTable table = LatencyTable.Of(config, w => Device.Best(w)!.Value.LatencyMs);
        Func<PruningPlan, double> cost = by == PlanBy.Table ? p => table.Total(p, images.Shape.Depth) : PruningPlanning.Macs(config);
        return LatencyPlanning.Scale(LatencyPlanning.Greedy(config.Positions, Loss, cost, budget * cost(PruningPlan.Dense)), p => Ms(config, p), most);

        double Loss(int stage, double share)
        {
            PruningPlan alone = share == 1 ? PruningPlan.Dense : new([config.Positions[stage]], [share]);
            if (!losses.TryGetValue(alone, out double loss)) losses[alone] = loss = Logits.CrossEntropy(evaluator.Logits(alone, TokenRule.ClassAttention, some), some.Labels);
            return loss;
        }
    }

    private static double Ms(PruningConfig config, PruningPlan plan) => HeatVitUnits.Ms(Device, config, config.Bits, plan, null);

    private PruningConfig Config(ulong seed)
    {
        int depth = images.Shape.Depth;
        return new PruningConfig { Shape = images.Shape, Dense = scale.Run(seed), Positions = [depth / 4, depth / 2, 3 * depth / 4] };
    }

    private JsonObject Inputs(PruningConfig config) => new()
    {
        ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };

    private static void Write(Stream stream, SelectorInsertion state, byte[] weights)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(JsonSerializer.Serialize(state, StudyJson.Options));
        writer.Write(weights.Length);
        writer.Write(weights);
    }

    private static (SelectorInsertion State, byte[] Weights)? Resumed(UnitRun run)
    {
        using Stream? stream = run.Checkpoint();
        if (stream is null) return null;
        using var reader = new BinaryReader(stream);
        SelectorInsertion state = JsonSerializer.Deserialize<SelectorInsertion>(reader.ReadString(), StudyJson.Options)!;
        return (state, reader.ReadBytes(reader.ReadInt32()));
    }
}
