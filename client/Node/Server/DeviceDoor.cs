using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hone.Model;

namespace Hone.Node.Server;

/// <summary>
/// The three requests of a node. What the server refuses is an error with its own line; when it cannot be reached, or cannot answer at the moment, that is an
/// <see cref="HttpRequestException"/>: one asks again.
/// </summary>
internal sealed class DeviceDoor : IDisposable
{
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(60);   // a lease is waited for up to 15 s
    private readonly HttpClient _http;
    private readonly string _path;

    public DeviceDoor(NodeOptions options)
    {
        _http = new HttpClient(ServerHandler.Create(options.Authorities)) { BaseAddress = options.Server, Timeout = Answering };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        _path = $"/api/v1/devices/{Uri.EscapeDataString(options.Device)}";
    }

    /// <summary>The next job; null when there was none for some seconds.</summary>
    public Task<MeasureLease?> LeaseAsync(NodeInfo node, CancellationToken cancel) => PostAsync("lease", node, NodeJson.Default.NodeInfo, NodeJson.Default.MeasureLease, cancel);

    /// <summary>Whether to go on.</summary>
    public async Task<bool> BeatAsync(NodeBeat beat, CancellationToken cancel) => (await PostAsync("beat", beat, NodeJson.Default.NodeBeat, NodeJson.Default.BeatAnswer, cancel))?.GoOn ?? true;

    public Task<ReportAnswer?> ReportAsync(NodeReport report, CancellationToken cancel) => PostAsync("report", report, NodeJson.Default.NodeReport, NodeJson.Default.ReportAnswer, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<TAnswer?> PostAsync<TBody, TAnswer>(string verb, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancel)
        where TAnswer : class
    {
        using var content = new StringContent(JsonSerializer.Serialize(body, bodyType), System.Text.Encoding.UTF8, "application/json");
        try
        {
            using HttpResponseMessage answer = await _http.PostAsync($"{_path}/{verb}", content, cancel);
            if (answer.StatusCode == HttpStatusCode.NoContent) return null;
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync(answerType, cancel);
            throw Refused(answer.StatusCode, await DetailAsync(answer, cancel));
        }
        catch (JsonException e)
        {
            throw new HoneException($"expected an answer of a Hone silo, got something else ({e.Message}); check --server, and use one Hone for all silos and nodes", e);
        }
        catch (TaskCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {Answering.TotalSeconds:0} s", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private static Exception Refused(HttpStatusCode status, string? detail)
    {
        string said = detail ?? $"expected the HTTP interface of a Hone silo, got status {(int)status} without a reason; check --server";
        return (int)status >= 500 || status == HttpStatusCode.TooManyRequests ? new HttpRequestException(said, null, status) : new HoneException(said);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        return (await answer.Content.ReadFromJsonAsync(NodeJson.Default.ServerProblem, cancel))?.Detail;
    }
}
