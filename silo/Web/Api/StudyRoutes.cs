using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>The body of a request for more budget.</summary>
/// <param name="Trials">Evaluated trials in all.</param>
internal sealed record ExtendRequest(int Trials);

/// <summary>Studies: list, submit, status, and what may be asked of one.</summary>
internal static class StudyRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder studies = api.MapGroup("/studies").WithTags("studies");
        studies.MapGet("", All).Produces<StudyStatus[]>().WithSummary("All studies, by name, without their result files.");
        studies.MapPost("", Submit).Accepts<JsonObject>("application/json").Produces<StudyStatus>().WithSummary("Submit a study, or go on with one; the body is the study file's content as JSON.");
        studies.MapGet("/{name}", Status).Produces<StudyStatus>().WithSummary("Where a study stands.");
        Ask(studies, "pause", study => study.Pause(), "Cut what runs and stay paused until resumed.");
        Ask(studies, "resume", study => study.Resume(), "Go on with a paused, failed or stopped study.");
        Ask(studies, "stop", study => study.Stop(), "End the search at the trials committed so far and finish their front.");
        Ask(studies, "retry", study => study.Retry(), "Ask for the candidates of failed trials once more.");
        studies.MapPost("/{name}/extend", Extend).Accepts<ExtendRequest>("application/json").Produces<StudyStatus>().WithSummary("Raise the budget and nothing else.");
    }

    private static void Ask(RouteGroupBuilder studies, string verb, Func<IStudyGrain, Task<StudyStatus>> ask, string summary) =>
        studies.MapPost($"/{{name}}/{verb}", async (string name, StudyDoor door) => Answer.Json(StudyDoor.Shown(await ask(await door.Open(name))))).Produces<StudyStatus>().WithSummary(summary);

    private static async Task<IResult> All(StudyDoor door)
    {
        IReadOnlyList<string> names = await door.Names();
        return Answer.Json(await Task.WhenAll(names.Select(name => One(name, door))));
    }

    // A study that does not answer is listed with the reason, and the others are shown.
    private static async Task<StudyStatus> One(string name, StudyDoor door)
    {
        try
        {
            return await (await door.Open(name)).Status() with { Artifacts = [], BlobRoot = "" };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new StudyStatus(name, "", StudyPhase.Unknown, $"its status cannot be had: {e.Message.ReplaceLineEndings(" ")}", null, 1, new TrialCounts(0, 0, 0, 0, 0), 0, null, [], "", []);
        }
    }

    private static async Task<IResult> Submit(HttpContext context, StudyDoor door)
    {
        JsonObject body = await RequestBody.Read(context);
        StudySpec spec = StudySpec.Parse(body);   // before its name becomes a key
        return Answer.Json(StudyDoor.Shown(await door.New(spec.Study).Submit(StudyJson.Canonical(body))));
    }

    private static async Task<IResult> Status(string name, StudyDoor door) => Answer.Json(StudyDoor.Shown(await (await door.Open(name)).Status()));

    private static async Task<IResult> Extend(string name, HttpContext context, StudyDoor door)
    {
        ExtendRequest request = await RequestBody.Read<ExtendRequest>(context);
        return Answer.Json(StudyDoor.Shown(await (await door.Open(name)).Extend(request.Trials)));
    }
}
