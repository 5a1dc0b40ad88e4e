using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hone.Model;

namespace Hone.Benchmarks.Fuzz;

/// <summary>
/// Sends spoiled requests to a silo's HTTP interface, as an admin does, so that they get through to what lies behind. Any answer of 500 and above, and any connection
/// that ends without one, is a finding; a request that is rightly refused is not.
/// </summary>
internal sealed class ApiFuzz(Chance chance, Findings findings, FuzzSilo silo, IReadOnlyList<string> studies)
{
    private const int MostStudies = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Mutation _mutation = new(chance);
    private int _submitted;

    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/api/v1/studies"), ("POST", "/api/v1/studies"), ("POST", "/api/v1/studies"), ("POST", "/api/v1/studies"), ("GET", "/api/v1/studies/known"), ("POST", "/api/v1/studies/known/pause"),
        ("POST", "/api/v1/studies/known/resume"), ("POST", "/api/v1/studies/known/stop"), ("POST", "/api/v1/studies/known/extend"), ("GET", "/api/v1/studies/known/trials?from=0&limit=5"),
        ("GET", "/api/v1/studies/known/explain?candidate=0"), ("GET", "/api/v1/studies/known/explain?candidate=x0=1,x1=2"), ("POST", "/api/v1/studies/known/retarget"), ("GET", "/api/v1/studies/known/training"),
        ("GET", "/api/v1/studies/known/artifacts/front.json"), ("GET", "/api/v1/blobs/0000000000000000000000000000000000000000000000000000000000000000"), ("GET", "/api/v1/cluster"), ("GET", "/api/v1/devices"),
        ("GET", "/api/v1/tokens"), ("POST", "/api/v1/tokens"), ("DELETE", "/api/v1/tokens/0123456789abcdef"), ("GET", "/api/v1/session"), ("POST", "/api/v1/session"), ("DELETE", "/api/v1/session"), ("GET", "/openapi/v1.json"),
    ];

    private static readonly string[] Headers = ["Origin", "Sec-Fetch-Site", "Cookie", "Last-Event-ID", "Range", "If-None-Match", "Accept", "Content-Encoding", "X-Forwarded-For", "Authorization"];

    /// <summary>Answers by status.</summary>
    public SortedDictionary<int, int> Answers { get; } = [];

    public async Task StepAsync(CancellationToken cancel)
    {
        var (method, path) = Routes[chance.Next(Routes.Length)];
        if (chance.Happens(0.05)) method = new[] { "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "GET", "POST" }[chance.Next(7)];
        if (chance.Happens(0.3)) path = "/" + Escaped(_mutation.Of(path.TrimStart('/')));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(silo.Url.GetLeftPart(UriPartial.Authority) + path));
        byte[] body = method is "POST" or "PUT" or "PATCH" ? Body(path) : [];
        if (body.Length > 0 || method == "POST")
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", chance.Happens(0.95) ? "application/json" : Ascii(_mutation.Of("application/json")));
        }
        string token = chance.Happens(0.001) ? _mutation.Of(silo.Token) : silo.Token;   // more would only meet the limit on wrong tokens
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Ascii(token));
        if (chance.Happens(0.1)) request.Headers.TryAddWithoutValidation(Headers[chance.Next(Headers.Length - 1)], Ascii(_mutation.Word()));
        await SendAsync(request, $"{method} {path}", body, cancel);
    }

    private async Task SendAsync(HttpRequestMessage request, string line, byte[] body, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        byte[] shown = [.. Encoding.UTF8.GetBytes(line + "\n"), .. body];
        try
        {
            using HttpResponseMessage answer = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, patience.Token);
            int status = (int)answer.StatusCode;
            Answers[status] = Answers.GetValueOrDefault(status) + 1;
            if (status >= 500) findings.Add($"{status} {line.Split('?')[0]} {await answer.Content.ReadAsStringAsync(cancel)}", $"{line}: {status} {await answer.Content.ReadAsStringAsync(cancel)}", shown);
            if (answer.StatusCode == HttpStatusCode.OK && request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == "/api/v1/studies") _submitted++;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Answers[0] = Answers.GetValueOrDefault(0) + 1;
            findings.Add($"no answer {e.GetBaseException().GetType().Name}", $"{line}: no answer ({e.GetBaseException().Message})", shown);
        }
    }

    private byte[] Body(string path)
    {
        if (chance.Happens(0.03)) return Encoding.UTF8.GetBytes(_mutation.Bomb());
        if (path.Contains("extend", StringComparison.Ordinal)) return Spoiled("""{"trials":1000}""");
        if (path.Contains("retarget", StringComparison.Ordinal)) return Spoiled("""{"device":{"name":"kv260","kind":null,"options":{"clock_mhz":150}},"limits":[{"metric":"latency_ms","side":"AtMost","limit":0.4}]}""");
        if (path.Contains("tokens", StringComparison.Ordinal)) return Spoiled("""{"role":"device:pi-4","expires":"2001-01-01T00:00:00Z"}""");
        if (path.Contains("session", StringComparison.Ordinal)) return chance.Happens(0.9) ? Spoiled($$"""{"token":"{{silo.Token}}","more":1}""") : [];
        string study = studies[chance.Next(studies.Count)];
        if (_submitted >= MostStudies) study = study.Replace("\"method\"", "\"metod\"", StringComparison.Ordinal);   // refused whatever else it is: studies that run cost
        return Spoiled(study);
    }

    private byte[] Spoiled(string good) => _mutation.Bytes(_mutation.Of(good));

    // What a header can hold at all.
    private static string Ascii(string text) => new([.. text.Where(c => c is > ' ' and < '\x7f')]);

    private static string Escaped(string path) => string.Concat(path.Select(c => c is '/' or '?' or '&' or '=' or '%' or '.' || char.IsAsciiLetterOrDigit(c) ? c.ToString() : char.IsSurrogate(c) ? "%F0" : Uri.EscapeDataString(c.ToString())));
}
