using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Neural;

namespace Hone.Studies;

/// <summary>How the trainings behind a member went, as a file beside its model: <c>{"curves":[{"name","metric","x","points":[[step, loss], ...]}]}</c>.</summary>
public static class TrainingCurves
{
    /// <summary>Its name in the member's folder.</summary>
    public const string FileName = "training.json";

    /// <summary>UTF-8 text; the loss is the mean over the steps that end at each point, in nats.</summary>
    public static byte[] Json(params IEnumerable<(string Name, ValueList<LossPoint> Points)> trainings) =>
        Json(trainings.Select(t => (t.Name, "loss", "step", t.Points.Select(p => (p.Step, Math.Round(p.Mean, 5))))));

    /// <summary>UTF-8 text of any curves.</summary>
    public static byte[] Json(IEnumerable<(string Name, string Metric, string X, IEnumerable<(long X, double Y)> Points)> curves) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["curves"] = new JsonArray([.. curves.Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Name, ["metric"] = c.Metric, ["x"] = c.X, ["points"] = new JsonArray([.. c.Points.Select(p => (JsonNode)new JsonArray(p.X, p.Y))]),
        })]),
    }, StudyJson.Options);
}
