using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
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
            double loss = double.NaN;
            using Stream? checkpoint = run.Checkpoint();
            byte[] weights = QuasarVitTraining.Run(config, pictures.Train(scale, config.Seed), checkpoint, (_, write) => run.Save(write),
                new Last(p => loss = p.Values.FirstOrDefault(v => v.Name == "loss")?.Value ?? loss), TimeProvider.System, run.Cancel);
            return new UnitResult(new JsonObject { ["loss"] = Math.Round(loss, 6) }, weights);
        }, leavesBlob: true);
    }

    /// <summary>What every training depends on.</summary>
    public static JsonObject Inputs(Pictures pictures, Scale scale, QuasarVitConfig config) => new()
    {
        ["revision"] = Recipe.Revision, ["data"] = pictures.Name, ["split"] = config.Seed, ["heldOut"] = scale.HeldOut,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };

    private sealed class Last(Action<Progress> tell) : IProgress<Progress>
    {
        public void Report(Progress value) => tell(value);
    }
}
