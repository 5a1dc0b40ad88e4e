using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;
using Hone.Node.Server;

namespace Hone.Client.Server;

/// <summary>
/// Requests to a silo's HTTP interface. What it refuses is an error with its own line; when it cannot be reached, or answers that it cannot at the
/// moment, that is an <see cref="HttpRequestException"/>: a loss, after which one may ask again.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    public ServerConnection(ServerOption server)
    {
        _http = new HttpClient(ServerHandler.Create(server.Authorities)) { BaseAddress = server.Address, Timeout = Answering };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
    }

    /// <exception cref="HoneException">Refused.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancel = default) => await ReadAsync<T>(await SendAsync(HttpMethod.Get, path, null, cancel), cancel);

    /// <exception cref="HoneException">Refused.</exception>
    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancel = default) => await ReadAsync<T>(await SendAsync(HttpMethod.Post, path, Content(body), cancel), cancel);

    /// <exception cref="HoneException">Refused.</exception>
    public async Task<T> DeleteAsync<T>(string path, CancellationToken cancel = default) => await ReadAsync<T>(await SendAsync(HttpMethod.Delete, path, null, cancel), cancel);

    /// <summary>An answer of newline-delimited JSON, line by line as it comes.</summary>
    /// <exception cref="HoneException">Refused.</exception>
    public async IAsyncEnumerable<T> LinesAsync<T>(string path, object body, [EnumeratorCancellation] CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, path, Content(body), cancel);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line) yield return JsonSerializer.Deserialize<T>(line, ApiJson.Options)!;
    }

    /// <summary>An answer's bytes as they come; the caller disposes the answer.</summary>
    /// <exception cref="HoneException">Refused.</exception>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, cancel);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static StringContent? Content(object? body) => body switch
    {
        null => null,
        string json => new StringContent(json, Encoding.UTF8, "application/json"),
        _ => new StringContent(JsonSerializer.Serialize(body, ApiJson.Options), Encoding.UTF8, "application/json"),
    };

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await RefusedAsync(answer, cancel);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancel)
    {
        using (answer)
        {
            try
            {
                return await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancel) ?? throw new JsonException("null");
            }
            catch (JsonException e)
            {
                throw new HoneException($"expected an answer of a Hone silo, got something else ({e.Message}); check --server, and use one Hone for all silos and commands", e);
            }
        }
    }

    private static async Task<Exception> RefusedAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        string detail = await DetailAsync(answer, cancel) ?? $"expected the HTTP interface of a Hone silo, got status {(int)answer.StatusCode} without a reason; check --server";
        if ((int)answer.StatusCode >= 500) return new HttpRequestException(detail, null, answer.StatusCode);
        return answer.StatusCode == HttpStatusCode.BadRequest ? new SpecException(detail) : new RefusedException(answer.StatusCode, detail);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        using JsonDocument problem = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        return problem.RootElement.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() : null;
    }
}

/// <summary>The server said no.</summary>
internal sealed class RefusedException(HttpStatusCode status, string detail) : HoneException(detail)
{
    public HttpStatusCode Status { get; } = status;
}
