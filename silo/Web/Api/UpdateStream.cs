using System.Globalization;
using System.Text;
using Hone.Contracts;

namespace Hone.Silo.Web.Api;

/// <summary>A study's updates as server-sent events: one when trials were committed or the status changed, a comment when nothing came for 15 s.</summary>
internal sealed class UpdateStream(HttpContext context, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly byte[] Comment = ": still here\n\n"u8.ToArray(), End = "\n\n"u8.ToArray();

    /// <param name="updates">From the grain.</param>
    /// <param name="next">The ordinal that they begin with.</param>
    public async Task Write(IAsyncEnumerable<StudyUpdate> updates, int next)
    {
        CancellationToken gone = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        StudyStatus? told = null;
        await using IAsyncEnumerator<StudyUpdate> coming = updates.GetAsyncEnumerator(gone);
        while (await Next(coming, gone))
        {
            StudyUpdate update = coming.Current;
            if (update.Trials.Count == 0 && update.Status == told) continue;
            told = update.Status;
            next += update.Trials.Count;
            await Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {next}\nevent: update\ndata: ")), gone);
            await Send(Answer.Bytes(update with { Status = update.Status with { BlobRoot = "" } }), gone);
            await Send(End, gone);
            await context.Response.Body.FlushAsync(gone);
        }
    }

    private async Task<bool> Next(IAsyncEnumerator<StudyUpdate> coming, CancellationToken gone)
    {
        Task<bool> next = coming.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(gone);
            if (await Task.WhenAny(next, Task.Delay(Silence, clock, either.Token)) != next)
            {
                gone.ThrowIfCancellationRequested();
                await Send(Comment, gone);
                await context.Response.Body.FlushAsync(gone);
            }
            await either.CancelAsync();
        }
        return await next;
    }

    private async Task Send(byte[] bytes, CancellationToken gone) => await context.Response.Body.WriteAsync(bytes, gone);
}
