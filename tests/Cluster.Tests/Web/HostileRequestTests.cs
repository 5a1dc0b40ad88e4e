using System.Net;
using System.Text;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Web;

/// <summary>Requests that nobody means well by: each is refused with a problem, and the silo goes on.</summary>
[Collection(ApiSilo.Name)]
public class HostileRequestTests(ApiSilo silo)
{
    private readonly HttpClient _admin = silo.As("admin");

    private async Task Refused(int status, HttpRequestMessage request, string? says = null)
    {
        using HttpResponseMessage answer = await _admin.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{request.Method} {request.RequestUri}: expected {status}, got {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("   at ", text);
        if (says is not null) Assert.Contains(says, text);
    }

    private Task RefusedBody(int status, HttpContent body, string? says = null) => Refused(status, new HttpRequestMessage(HttpMethod.Post, "/api/v1/studies") { Content = body }, says);

    public static readonly TheoryData<string> Broken =
    [
        "", "{", "[]", "null", "1", "\"study\"", "{\"study\":\"a\",\"study\":\"b\"}", "{\"study\":1e999}", "{\"study\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"study\":\"x\"}trailing",
        "{\"study\":{}}", "{\"study\":\"zdt\",\"method\":null}", "// comment\n{}", "{\"study\":\"../../etc/passwd\",\"method\":\"synthetic\",\"data\":{\"name\":\"none\"},\"objectives\":[{\"metric\":\"f1\"}]}",
        "{\"study\":\"\u202Eabc\",\"method\":\"synthetic\",\"data\":{\"name\":\"none\"},\"objectives\":[{\"metric\":\"f1\"}]}",
        "{\"study\":\"z\u0441t\",\"method\":\"synthetic\",\"data\":{\"name\":\"none\"},\"objectives\":[{\"metric\":\"f1\"}]}",
        "{\"study\":\"ok\",\"method\":\"synthetic\",\"data\":{\"name\":\"none\"},\"objectives\":[null]}", "{\"study\":\"ok\",\"method\":\"synthetic\",\"data\":{\"name\":\"none\"},\"objectives\":[{\"metric\":\"f1\"}],\"budget\":{\"trials\":-1}}",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public Task ABrokenStudyIsAWrongRequest(string body) => RefusedBody(400, ApiSilo.Json(body));

    [Fact]
    public async Task ADeepALargeAndAManyValuedBodyAreRefusedBeforeTheyCost()
    {
        await RefusedBody(400, ApiSilo.Json("{\"model\":" + new string('[', 5_000) + new string(']', 5_000) + "}"), "levels");
        await RefusedBody(400, ApiSilo.Json("{\"model\":[" + string.Join(',', Enumerable.Repeat("1", 30_000)) + "]}"), "values");
        await RefusedBody(413, ApiSilo.Json("{\"model\":\"" + new string('x', 300 << 10) + "\"}"), "256 KB");
        await RefusedBody(413, Chunked("{\"model\":\"" + new string('x', 300 << 10) + "\"}"));
        await RefusedBody(413, ApiSilo.Json("{\"model\":\"" + new string('x', 3 << 20) + "\"}"));
    }

    [Fact]
    public async Task ABodyOfAnotherTypeOrEncodingIsRefused()
    {
        await RefusedBody(415, new StringContent("study: zdt", Encoding.UTF8, "application/yaml"));
        await RefusedBody(415, new StringContent("{}", Encoding.UTF8, "text/plain"));   // what a form of another site could send
        var latin = new ByteArrayContent([.. "{\"study\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        latin.Headers.ContentType = new("application/json");
        await RefusedBody(400, latin, "UTF-8");
    }

    [Theory]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%2e%2e%2f%2e%2e%2fetc")]
    [InlineData("z%D1%81t")]
    [InlineData("%F0%9F%92%A9")]
    [InlineData("%E2%80%AEabc")]
    [InlineData("a%20b")]
    [InlineData(".hidden")]
    [InlineData("%FF")]
    public async Task ANameThatNoStudyCanHaveIsNotFound(string name)
    {
        foreach (string path in new[] { "", "/trials", "/columns", "/watch", "/training", "/explain?candidate=0", "/artifacts/front.json" })
            await Refused(404, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/studies/{name}{path}"));
        await Refused(404, new HttpRequestMessage(HttpMethod.Post, $"/api/v1/studies/{name}/pause"));
    }

    [Fact]
    public async Task AGuessedNameMakesNoStudy()
    {
        await Refused(404, new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies/doen"), "did you mean 'done'?");
        await Refused(404, new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies/" + new string('a', 3_000)));
        Assert.DoesNotContain("doen", (await silo.Silo.Grains.GetGrain<IStudyIndexGrain>("all").All()).AsEnumerable());
    }

    [Theory]
    [InlineData("..%2F..%2Fstore%2Fappendonly")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("models/../front.json/")]
    [InlineData("FRONT.JSON")]
    [InlineData("models")]
    [InlineData("models%5C1%5Cmanifest.json")]
    public Task AnArtifactIsItsExactPathOrNone(string path) => Refused(404, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/studies/{ApiSilo.Study}/artifacts/{path}"));

    [Theory]
    [InlineData("/api/v1/studies/a%00b")]
    [InlineData("/api/v1/studies/done/artifacts/front.json%00")]
    public async Task ANullCharacterInAPathIsRefusedByTheServerItself(string path)
    {
        using HttpResponseMessage answer = await _admin.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, 0L), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).LongLength));
    }

    [Theory]
    [InlineData("x", 400)]
    [InlineData("..%2f..%2fcluster.json", 400)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 404)]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000", 400)]
    public Task ABlobIsItsHashOrNone(string hash, int status) => Refused(status, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/blobs/{hash}"));

    [Theory]
    [InlineData("GET", "/api/v1/studies/done/trials?from=-1", 400)]
    [InlineData("GET", "/api/v1/studies/done/trials?from=9999999999", 400)]
    [InlineData("GET", "/api/v1/studies/done/trials?from=one", 400)]
    [InlineData("GET", "/api/v1/studies/done/trials?at=", 400)]
    [InlineData("GET", "/api/v1/studies/done/trials?at=1,-1", 400)]
    [InlineData("GET", "/api/v1/studies/done/trials?at=1&limit=3", 400)]
    [InlineData("GET", "/api/v1/studies/done/columns?from=-1", 400)]
    [InlineData("GET", "/api/v1/studies/done/columns?from=x", 400)]
    [InlineData("GET", "/api/v1/studies/done/watch?from=-7", 400)]
    [InlineData("GET", "/api/v1/studies/done/explain", 400)]
    [InlineData("GET", "/api/v1/studies/done/explain?candidate=", 400)]
    [InlineData("GET", "/api/v1/studies/done/explain?candidate=-1", 400)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("DELETE", "/api/v1/studies/done", 405)]
    [InlineData("PUT", "/api/v1/studies", 405)]
    [InlineData("GET", "/etc/passwd", 404)]
    [InlineData("GET", "/openapi/v2.json", 404)]
    [InlineData("GET", "/dashboard/../api/v1/nothing", 404)]
    public Task AWrongQueryPathOrMethodIsAProblem(string method, string path, int status) => Refused(status, new HttpRequestMessage(new HttpMethod(method), path));

    [Theory]
    [InlineData("""{"trials":"many"}""")]
    [InlineData("""{"trials":1e9,"more":1}""")]
    [InlineData("""{"trials":2.5}""")]
    [InlineData("{}")]
    public Task AWrongExtensionIsAWrongRequest(string body) => Refused(400, new HttpRequestMessage(HttpMethod.Post, "/api/v1/studies/done/extend") { Content = ApiSilo.Json(body) });

    [Fact]
    public Task MoreOrdinalsThanARequestMayNameAreRefused() =>
        Refused(400, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/studies/done/trials?at={string.Join(',', Enumerable.Repeat(1, 513))}"), "513");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"device":null}""")]
    [InlineData("""{"device":{"name":"zcu102","options":{},"$type":"System.IO.FileInfo"}}""")]
    [InlineData("""{"device":{"name":"zcu102","options":[]}}""")]
    [InlineData("""{"device":{"name":"zcu102","options":{}},"limits":[{"metric":"accuracy","side":"Above","limit":1}]}""")]
    [InlineData("""{"device":{"name":"zcu102","options":{}},"limits":[null]}""")]
    public Task AWrongDeviceIsAWrongRequest(string body) => Refused(400, new HttpRequestMessage(HttpMethod.Post, "/api/v1/studies/done/retarget") { Content = ApiSilo.Json(body) });

    [Theory]
    [InlineData("""{"role":"admin","expires":"yesterday"}""")]
    [InlineData("""{"role":"admin","expires":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"role":null}""")]
    [InlineData("""{"role":"device:../../x"}""")]
    public Task AWrongTokenRequestIsAWrongRequest(string body) => Refused(400, new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = ApiSilo.Json(body) });

    [Fact]
    public async Task AfterAllThatTheSiloAnswers()
    {
        using HttpResponseMessage answer = await _admin.GetAsync("/api/v1/studies/done");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static StreamContent Chunked(string text)
    {
        var content = new StreamContent(new Unsized(Encoding.UTF8.GetBytes(text)));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
