using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>Dense nets from scratch, which several methods begin with or are held against.</summary>
internal static class DenseUnits
{
    /// <summary>A seed's net; its blob is the weights.</summary>
    /// <param name="sort">Of a net that is not as every method's is.</param>
    /// <param name="epochs">Null: the scale's.</param>
    /// <param name="share">What a pass costs beside one of the common net.</param>
    public static Unit Of(TokenImages images, TokenScale scale, ulong seed, string sort = "dense", double? epochs = null, double share = 1)
    {
        VitRun recipe = scale.Run(seed) with { Epochs = epochs ?? scale.DenseEpochs };
        var inputs = new JsonObject
        {
            ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["test"] = scale.TestImages,
            ["shape"] = JsonSerializer.SerializeToNode(images.Shape, StudyJson.Options), ["run"] = JsonSerializer.SerializeToNode(recipe, StudyJson.Options),
        };
        return new Unit($"{sort}/{images.Name}/{seed}", inputs, new Cost(share * recipe.Epochs * scale.TrainImages, share * scale.TestImages), [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] weights = DenseTraining.Run(images.Shape, recipe, images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            CorrectBits right = CorrectBits.Of(DenseTraining.Logits(images.Shape, weights, images.Test, 1), images.Test.Labels, images.Shape.Classes);
            return new UnitResult(new JsonObject { ["right"] = Found.Bits(right) }, weights);
        }, leavesBlob: true);
    }
}
