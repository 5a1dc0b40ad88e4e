using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The trainings that parts share.</summary>
internal static class SupernetUnits
{
    /// <summary>Trains a supernet; its blob is the weights.</summary>
    /// <param name="variant">Names the change of configuration, for example "separate"; null: the recipe itself.</param>
    public static Unit Of(Pictures pictures, Scale scale, ulong seed, string? variant = null, Func<QuasarVitConfig, QuasarVitConfig>? change = null)
    {
        QuasarVitConfig config = scale.Recipe.Config(pictures, seed);
        if (change is not null) config = change(config);
        return new Unit($"supernet/{pictures.Name}/{variant ?? "recipe"}/{seed}", Inputs(pictures, scale, config), new Cost(scale.Recipe.Passes, 0), [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] weights = QuasarVitTraining.Run(config, pictures.Train(scale, config.Seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using QuasarVitEvaluator trained = QuasarVitEvaluator.Open(weights, 1);
            ValueList<LossPoint> curve = trained.Curve;
            return new UnitResult(new JsonObject { ["loss"] = Math.Round(curve[^1].Mean, 6), ["worst"] = Math.Round(curve.Max(p => p.Worst), 6), ["spikes"] = Spikes(curve) }, weights);
        }, leavesBlob: true);
    }

    /// <summary>Stretches of the training with a step whose loss lies 1 nat or more above the mean of the stretch before.</summary>
    public static int Spikes(ValueList<LossPoint> curve) => Enumerable.Range(1, Math.Max(0, curve.Count - 1)).Count(i => curve[i].Worst > curve[i - 1].Mean + 1);

    /// <summary>What every training depends on.</summary>
    public static JsonObject Inputs(Pictures pictures, Scale scale, QuasarVitConfig config) => new()
    {
        ["revision"] = Recipe.Revision, ["data"] = pictures.Name, ["content"] = pictures.Content, ["split"] = config.Seed, ["heldOut"] = scale.HeldOut,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };
}
