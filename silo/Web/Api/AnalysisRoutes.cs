using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Studies;

namespace Hone.Silo.Web.Api;

/// <summary>The body of a request for another device's front.</summary>
/// <param name="Device">Of the catalog, with options.</param>
/// <param name="Limits">Take the place of the study's limits on the same metrics.</param>
internal sealed record RetargetRequest(DeviceSpec Device, ValueList<Constraint> Limits = default);

/// <summary>What is asked about a study: a candidate explained, another device's front, how the training went.</summary>
internal static class AnalysisRoutes
{
    private const int LongestKey = 4_096;

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder study = api.MapGroup("/studies/{name}").WithTags("analysis");
        study.MapGet("/explain", Explain).Produces<Explained>().WithSummary("What is known of a candidate, by ordinal or key, and where its latency goes.");
        study.MapPost("/retarget", Retarget).Accepts<RetargetRequest>("application/json").Produces(200, contentType: "application/x-ndjson")
            .WithSummary("The committed trials as another device prices them, and at last the front they draw there. The study stays as it is.");
        study.MapGet("/training", Training).Produces<JsonArray>().WithSummary("How the study's training went so far: [{stage, step, steps, values}].");
    }

    private static async Task<IResult> Explain(string name, string candidate, StudyDoor door)
    {
        if (candidate.Length > LongestKey) throw new SpecException($"candidate: expected an ordinal or a candidate's key, got a text of {candidate.Length} characters");
        Explained explained = await (await door.Open(name)).Explain(candidate);
        if (explained.Error is { } error) throw explained.ExitCode == 2 ? new SpecException(error) : new HoneException(error);
        return Answer.Json(explained);
    }

    // What is wrong with the request comes with the first update, while its status can still tell.
    private static async Task Retarget(string name, HttpContext context, StudyDoor door)
    {
        JsonObject body = await RequestBody.Read(context);
        if (body["device"] is JsonObject device)
        {
            // A device with nothing but a name is a device.
            device.TryAdd("kind", null);
            device.TryAdd("options", new JsonObject());
        }
        RetargetRequest request = RequestBody.As<RetargetRequest>(body);
        if (request.Limits.Any(limit => limit is null)) throw new SpecException("limits: expected {metric, side, limit} each, got null");
        IStudyGrain study = await door.Open(name);
        IAsyncEnumerable<RetargetUpdate> updates = study.Retarget(request.Device, request.Limits, context.RequestAborted).WithBatchSize(1);
        await Answer.Lines(context, updates, update => update.Error is { } error && !context.Response.HasStarted
            ? throw (update.ExitCode == 2 ? new SpecException(error) : new HoneException(error))
            : [Answer.Bytes(update with { BlobRoot = "" })]);
    }

    // What was heard lives with the study's activation; once that is over the members' files tell of it.
    private static async Task<IResult> Training(string name, StudyDoor door, IBlobStore blobs)
    {
        IStudyGrain study = await door.Open(name);
        ValueList<Progress> heard = await study.Training();
        Artifact? file = heard.Count > 0 ? null : (await study.Status()).Artifacts.FirstOrDefault(a => a.Path.EndsWith("/" + TrainingCurves.FileName, StringComparison.Ordinal));
        if (file is null) return Answer.Json(TrainingPoints.Of(heard));
        using var content = new MemoryStream();
        await using (Stream stored = blobs.Open(file.Blob)) await stored.CopyToAsync(content);
        return Answer.Json(TrainingPoints.Of(content.ToArray()));
    }
}
