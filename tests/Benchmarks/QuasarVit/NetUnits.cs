using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Accuracy of given nets with a supernet's weights.</summary>
internal static class NetUnits
{
    /// <param name="name">What the nets are for.</param>
    /// <param name="supernet">Its weights are inherited.</param>
    /// <param name="seed">The supernet's, which says which images it did not see.</param>
    /// <param name="images">Validation images after those of the search.</param>
    public static Unit Inherited(string name, Unit supernet, Pictures pictures, Scale scale, ulong seed, IReadOnlyList<RandomNet> nets, int images)
    {
        var inputs = new JsonObject { ["revision"] = Recipe.Revision, ["from"] = scale.SearchImages, ["images"] = images, ["nets"] = new JsonArray([.. nets.Select(n => (JsonNode)n.Key)]) };
        return new Unit($"{name}/{supernet.Id[(supernet.Id.IndexOf('/', StringComparison.Ordinal) + 1)..]}", inputs, new Cost(0, (double)nets.Count * images), [supernet], run =>
        {
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(run.Blob(supernet), 1);
            ImageSet score = pictures.Score(scale, seed, images);
            var right = new JsonArray();
            foreach (RandomNet net in nets)
            {
                run.Cancel.ThrowIfCancellationRequested();
                right.Add((JsonNode)Bits(evaluator.Evaluate(net.Genome, score)));
            }
            return new UnitResult(new JsonObject { ["right"] = right });
        });
    }

    /// <summary>Which images each net gets right, shape (nets)(images).</summary>
    public static float[][] Right(JsonObject found, int images) => [.. found["right"]!.AsArray().Select(r => CrossedBootstrap.Right((string)r!, images))];

    /// <summary>A net's answers as a unit keeps them.</summary>
    public static string Bits(CorrectBits correct) => Convert.ToBase64String(correct.ToBytes());
}
