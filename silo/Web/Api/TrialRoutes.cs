using System.Runtime.CompilerServices;
using System.Text;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>A study's trials: those committed so far, and those to come.</summary>
internal static class TrialRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder study = api.MapGroup("/studies/{name}").WithTags("trials");
        study.MapGet("/trials", Trials).Produces(200, contentType: "application/x-ndjson").WithSummary("Committed trials from an ordinal on, as lines of trials.jsonl.");
        study.MapGet("/watch", Watch).Produces(200, contentType: "text/event-stream")
            .WithSummary("Server-sent events 'update' with the status and new trials, until the study ends; Last-Event-ID takes up where a connection was lost.");
    }

    private static async Task Trials(string name, HttpContext context, StudyDoor door, int from = 0, int? limit = null)
    {
        IStudyGrain study = await door.Open(name);
        if (from < 0 || limit < 0) throw new SpecException($"from, limit: expected numbers of at least 0, got {from} and {limit}");
        int committed = StudyDoor.Shown(await study.Status()).Counts.Committed, end = (int)Math.Min(committed, from + (limit ?? long.MaxValue - int.MaxValue));
        await Answer.Lines(context, Until(study, from, end, context.RequestAborted), page => page.Select(line => Encoding.UTF8.GetBytes(line.Line)));
    }

    private static async IAsyncEnumerable<IEnumerable<TrialLine>> Until(IStudyGrain study, int from, int end, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (from >= end) yield break;
        int next = from;
        await foreach (StudyUpdate update in study.Watch(from, cancel).WithBatchSize(1).WithCancellation(cancel))
        {
            StudyDoor.Shown(update.Status);
            yield return update.Trials.Take(end - next);
            if ((next += update.Trials.Count) >= end) yield break;
        }
    }

    private static async Task Watch(string name, HttpContext context, StudyDoor door, TimeProvider clock, int from = 0)
    {
        IStudyGrain study = await door.Open(name);
        string? last = context.Request.Headers["Last-Event-ID"];
        if (last is not null && !int.TryParse(last, out from) || from < 0) throw new SpecException($"from, Last-Event-ID: expected an ordinal, got '{(last is { Length: > 40 } ? last[..40] : last) ?? $"{from}"}'");
        await new UpdateStream(context, clock).Write(study.Watch(from, context.RequestAborted).WithBatchSize(1), from);
    }
}
