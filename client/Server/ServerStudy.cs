using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hone.Client.Cluster;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Server;

/// <summary>A study over HTTP.</summary>
internal sealed class ServerStudy(ServerConnection server, string name) : IStudyDesk
{
    private readonly string _path = PathOf(name);

    public CancellationToken Lost => CancellationToken.None;

    public Task<StudyStatus> Submit(string spec) => Told(() => server.PostAsync<StudyStatus>("/api/v1/studies", spec));

    public Task<StudyStatus> Status() => Told(() => server.GetAsync<StudyStatus>(_path));

    public Task<StudyStatus> Pause() => Told(() => server.PostAsync<StudyStatus>($"{_path}/pause", null));

    public Task<StudyStatus> Resume() => Told(() => server.PostAsync<StudyStatus>($"{_path}/resume", null));

    public Task<StudyStatus> Stop() => Told(() => server.PostAsync<StudyStatus>($"{_path}/stop", null));

    public Task<StudyStatus> Extend(int trials) => Told(() => server.PostAsync<StudyStatus>($"{_path}/extend", new { trials }));

    public Task<StudyStatus> Retry() => Told(() => server.PostAsync<StudyStatus>($"{_path}/retry", null));

    public Task<Explained> Explain(string asked) => server.GetAsync<Explained>($"{_path}/explain?candidate={Uri.EscapeDataString(asked)}");

    public IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel) =>
        server.LinesAsync<RetargetUpdate>($"{_path}/retarget", new { device, limits }, cancel);

    public async IAsyncEnumerable<StudyUpdate> Watch(int from, [EnumeratorCancellation] CancellationToken cancel)
    {
        using HttpResponseMessage answer = await server.OpenAsync($"{_path}/watch?from={from}", cancel);
        SseParser<StudyUpdate> events = SseParser.Create(await answer.Content.ReadAsStreamAsync(cancel), (_, data) => JsonSerializer.Deserialize<StudyUpdate>(data, ApiJson.Options)!);
        await foreach (SseItem<StudyUpdate> item in events.EnumerateAsync(cancel)) yield return item.Data;
    }

    private static string PathOf(string name) => $"/api/v1/studies/{Uri.EscapeDataString(name)}";

    // What a grain says in its status, the server says by its answer's: here it is put back.
    private async Task<StudyStatus> Told(Func<Task<StudyStatus>> ask)
    {
        try
        {
            return await ask();
        }
        catch (SpecException e)
        {
            return Refused(e.Message, ErrorLine.Usage);
        }
        catch (RefusedException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return Refused(e.Message, ErrorLine.Failed);
        }
    }

    private StudyStatus Refused(string error, int code) => new(name, "", StudyPhase.Unknown, null, error, code, new TrialCounts(0, 0, 0, 0, 0), 0, null, [], "", []);
}
