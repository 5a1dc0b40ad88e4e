using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Neural;

namespace Hone.Studies;

/// <summary>The losses of the trainings behind a member, as a file beside its model: <c>{"curves":[{"name","metric","x","points":[[step, loss], ...]}]}</c>.</summary>
public static class TrainingCurves
{
    /// <summary>Its name in the member's folder.</summary>
    public const string FileName = "training.json";

    /// <summary>UTF-8 text; the loss is the mean over the steps that end at each point, in nats.</summary>
    public static byte[] Json(params IEnumerable<(string Name, ValueList<LossPoint> Points)> trainings) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["curves"] = new JsonArray([.. trainings.Select(t => (JsonNode)new JsonObject
        {
            ["name"] = t.Name, ["metric"] = "loss", ["x"] = "step", ["points"] = new JsonArray([.. t.Points.Select(p => (JsonNode)new JsonArray(p.Step, Math.Round(p.Mean, 5)))]),
        })]),
    }, StudyJson.Options);
}
