using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>A study's trials: those committed so far, and those to come.</summary>
internal static class TrialRoutes
{
    private const int MostAt = 512;

    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder study = api.MapGroup("/studies/{name}").WithTags("trials");
        study.MapGet("/trials", Trials).Produces(200, contentType: "application/x-ndjson").WithSummary("Committed trials from an ordinal on, or those of some ordinals (at=3,1,7), as lines of trials.jsonl.");
        study.MapGet("/columns", Columns).Produces(200, contentType: ColumnFrames.Type)
            .WithSummary("Outcomes and metrics of committed trials from an ordinal on: frames of a JSON line {from, count, metrics, fidelity?}, a byte a trial, with fidelity another one for its rung, and per metric a little-endian float64 a trial.");
        study.MapGet("/watch", Watch).Produces(200, contentType: "text/event-stream")
            .WithSummary("Server-sent events 'update' with the status and new trials, until the study ends; Last-Event-ID takes up where a connection was lost.");
    }

    private static async Task Trials(string name, HttpContext context, StudyDoor door, int from = 0, int? limit = null, string? at = null)
    {
        IStudyGrain study = await door.Open(name);
        if (from < 0 || limit < 0) throw new SpecException($"from, limit: expected numbers of at least 0, got {from} and {limit}");
        if (at is not null && (from > 0 || limit is not null)) throw new SpecException("at: expected ordinals alone, got from or limit beside them");
        int[] ordinals = at is null ? [] : Ordinals(at);
        int committed = StudyDoor.Shown(await study.Status()).Counts.Committed, end = (int)Math.Min(committed, from + (limit ?? long.MaxValue - int.MaxValue));
        IAsyncEnumerable<IEnumerable<TrialLine>> pages = at is null ? Until(study, from, end, context.RequestAborted) : Each(study, [.. ordinals.Where(o => o < committed)]);
        await Answer.Lines(context, pages, page => page.Select(line => Encoding.UTF8.GetBytes(line.Line)));
    }

    private static int[] Ordinals(string at)
    {
        string[] all = at.Split(',');
        int[] ordinals = new int[Math.Min(all.Length, MostAt)];
        for (int i = 0; i < ordinals.Length; i++)
            if (!int.TryParse(all[i], NumberStyles.None, CultureInfo.InvariantCulture, out ordinals[i])) throw new SpecException($"at: expected ordinals with commas between, got '{(all[i].Length > 40 ? all[i][..40] : all[i])}'");
        return all.Length <= MostAt ? ordinals : throw new SpecException($"at: expected at most {MostAt} ordinals, got {all.Length}");
    }

    private static async IAsyncEnumerable<IEnumerable<TrialLine>> Each(IStudyGrain study, int[] ordinals)
    {
        for (int next = 0; next < ordinals.Length;)
        {
            ValueList<TrialLine> lines = await study.Some(ordinals[next..].ToValueList());
            if (lines.Count == 0) yield break;
            yield return lines;
            next += lines.Count;
        }
    }

    private static async Task Columns(string name, HttpContext context, StudyDoor door, int from = 0)
    {
        IStudyGrain study = await door.Open(name);
        if (from < 0) throw new SpecException($"from: expected an ordinal, got {from}");
        StudyDoor.Shown(await study.Status());
        context.Response.ContentType = ColumnFrames.Type;
        for (ColumnPage page; (page = await study.Columns(from)).Outcomes.Length > 0; from += page.Outcomes.Length)
            await context.Response.Body.WriteAsync(ColumnFrames.Frame(page), context.RequestAborted);
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
