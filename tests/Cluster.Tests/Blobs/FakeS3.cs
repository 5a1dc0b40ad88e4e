using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hone.Cluster.Tests.Blobs;

/// <summary>An object store for one bucket, in memory: the five requests that blobs need, and complaints about whatever else or wrong is sent.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private const string Bucket = "hone";
    private static readonly XNamespace Names = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly WebApplication _app;

    private FakeS3(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Written)> Objects { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>Answers everything with 503.</summary>
    public bool Down { get; set; }

    /// <summary>Hangs up half way through an object.</summary>
    public bool Breaks { get; set; }

    public string Url => _app.Urls.Single();

    public static async Task<FakeS3> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 64 << 20);
        WebApplication app = builder.Build();
        var fake = new FakeS3(app);
        app.Run(fake.Serve);
        await app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Serve(HttpContext http)
    {
        HttpRequest request = http.Request;
        string path = request.Path.Value!;
        Requests.Enqueue($"{request.Method} {path}");
        if (!request.Headers.Authorization.ToString().StartsWith("AWS4-HMAC-SHA256 Credential=test-key/", StringComparison.Ordinal)) Complaints.Enqueue($"{path}: not signed by test-key");
        if (Down)
        {
            http.Response.StatusCode = 503;
            return;
        }
        if (path is $"/{Bucket}" or $"/{Bucket}/" && request.Method == "GET" && request.Query["list-type"] == "2") await List(http);
        else if (!path.StartsWith($"/{Bucket}/", StringComparison.Ordinal)) await Error(http, 404, "NoSuchBucket");
        else if (request.Method == "PUT") await Put(http, path);
        else if (request.Method is "GET" or "HEAD") await Get(http, path);
        else if (request.Method == "DELETE")
        {
            Objects.TryRemove(path, out _);
            http.Response.StatusCode = 204;
        }
        else Complaints.Enqueue($"{request.Method} {path} is none of the five");
    }

    private async Task Put(HttpContext http, string path)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        byte[] hash = SHA256.HashData(body.ToArray());
        if (http.Request.Headers["x-amz-content-sha256"] != Convert.ToHexStringLower(hash)) Complaints.Enqueue($"{path}: the body is not what was signed");
        if (http.Request.Headers["x-amz-checksum-sha256"] != Convert.ToBase64String(hash)) Complaints.Enqueue($"{path}: no checksum of its own");
        if (!path.EndsWith($"/{Convert.ToHexStringLower(hash)[..2]}/{Convert.ToHexStringLower(hash)}", StringComparison.Ordinal)) Complaints.Enqueue($"{path}: is not named by its hash");
        Objects[path] = (body.ToArray(), DateTimeOffset.UtcNow);
        http.Response.Headers.ETag = Tag(body.ToArray());
    }

    private async Task Get(HttpContext http, string path)
    {
        if (!Objects.TryGetValue(path, out var found))
        {
            await Error(http, 404, "NoSuchKey");
            return;
        }
        http.Response.Headers.LastModified = found.Written.ToString("R", CultureInfo.InvariantCulture);
        http.Response.Headers.ETag = Tag(found.Bytes);
        http.Response.ContentLength = found.Bytes.Length;
        if (http.Request.Method != "GET") return;
        if (Breaks)
        {
            await http.Response.Body.WriteAsync(found.Bytes.AsMemory(0, found.Bytes.Length / 2));
            await http.Response.Body.FlushAsync();
            http.Abort();
        }
        else await http.Response.Body.WriteAsync(found.Bytes);
    }

    // What the client compares the bytes that arrive with.
    private static string Tag(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";

    // Two to a page, so that who does not ask on misses some.
    private async Task List(HttpContext http)
    {
        string prefix = $"/{Bucket}/{http.Request.Query["prefix"]}", after = http.Request.Query["continuation-token"].ToString();
        var page = Objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0).OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
        bool more = page.Count > 2;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(new XElement(Names + "ListBucketResult", new XElement(Names + "IsTruncated", more ? "true" : "false"),
            more ? new XElement(Names + "NextContinuationToken", page[1].Key) : null,
            page.Take(2).Select(o => new XElement(Names + "Contents", new XElement(Names + "Key", o.Key[(Bucket.Length + 2)..]),
                new XElement(Names + "LastModified", o.Value.Written.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)), new XElement(Names + "Size", o.Value.Bytes.Length)))).ToString());
    }

    private static Task Error(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Request.Method == "HEAD" ? Task.CompletedTask : http.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }
}
