using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Server;

/// <summary>A cluster over the HTTP interface of one of its silos.</summary>
internal sealed class ServerCluster(ServerConnection server) : ICluster, ITokenDesk
{
    public ITokenDesk Tokens => this;

    public IDeviceDesk Devices { get; } = new ServerDevices(server);

    public async Task<IReadOnlyList<string>> Names() => [.. (await Studies()).Select(s => s.Study)];

    public Task<StudyStatus[]> Studies() => server.GetAsync<StudyStatus[]>("/api/v1/studies");

    public IStudyDesk Study(string name) => new ServerStudy(server, name);

    public async Task<bool?> HasSlots()
    {
        try
        {
            return (await server.GetAsync<JsonNode>("/api/v1/cluster"))["slots"]?.AsArray().Count > 0;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or RefusedException)
        {
            return null;
        }
    }

    public Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => CheckedBlob.ReceiveAsync(blob, async file =>
    {
        using HttpResponseMessage answer = await server.OpenAsync($"/api/v1/blobs/{blob}", cancel);
        await answer.Content.CopyToAsync(file, cancel);
    }, cancel);

    public async Task<IReadOnlyList<BlobSurvey>> Blobs(string olderThan, bool remove, CancellationToken cancel)
    {
        List<BlobSurvey> surveys = [];
        if (remove)
        {
            await foreach (BlobSurvey survey in server.LinesAsync<BlobSurvey>("/api/v1/blobs/collect", new { olderThan }, cancel)) surveys.Add(survey);
            return surveys;
        }
        using HttpResponseMessage answer = await server.OpenAsync($"/api/v1/blobs?olderThan={Uri.EscapeDataString(olderThan)}", cancel);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line) surveys.Add(JsonSerializer.Deserialize<BlobSurvey>(line, ApiJson.Options)!);
        return surveys;
    }

    public Task<ValueList<TokenRecord>> All() => server.GetAsync<ValueList<TokenRecord>>("/api/v1/tokens");

    public Task<NewToken> Create(Grant role, DateTimeOffset? expires) => server.PostAsync<NewToken>("/api/v1/tokens", new { role = role.ToString(), expires });

    public Task<TokenRecord> Revoke(string id) => server.DeleteAsync<TokenRecord>($"/api/v1/tokens/{Uri.EscapeDataString(id)}");
}
