using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hone.Cluster.Tests.Web;

namespace Hone.Cluster.Tests.Devices;

/// <summary>What a node may send, and what it must not.</summary>
[Collection(ApiSilo.Name)]
public class DeviceRouteTests(ApiSilo silo)
{
    private async Task<(int Status, JsonNode? Body)> Post(string verb, string body, string device = "pi-4")
    {
        using HttpClient node = silo.As("run");
        using HttpResponseMessage answer = await node.PostAsync($"/api/v1/devices/{device}/{verb}", ApiSilo.Json(body));
        return ((int)answer.StatusCode, answer.StatusCode == HttpStatusCode.NoContent ? null : await answer.Content.ReadFromJsonAsync<JsonNode>());
    }

    private async Task<string> Refused(int status, string verb, string body, string device = "pi-4")
    {
        var (got, answer) = await Post(verb, body, device);
        Assert.Equal(status, got);
        return (string)answer!["detail"]!;
    }

    [Fact]
    public async Task AModelledBoardIsNoDeviceToAttachTo() => Assert.Contains("another one", await Refused(409, "lease", """{"name":"n","calibration":"c"}""", "zcu102"));

    [Theory]
    [InlineData("""{"name":"","calibration":"c"}""")]
    [InlineData("""{"name":"n"}""")]
    [InlineData("""{"name":"n","calibration":"c","threads":"many"}""")]
    [InlineData("""{"name":"n","calibration":"c","colour":"red"}""")]
    public async Task ANodeSaysWhoItIs(string body) => Assert.StartsWith("body: expected", await Refused(400, "lease", body));

    [Fact]
    public async Task ATextWithoutEndIsRefused() => await Refused(400, "lease", $$"""{"name":"n","calibration":"{{new string('x', 5_000)}}"}""");

    [Theory]
    [InlineData("""{"node":"n","job":"j","token":1,"reading":{"milliseconds":"NaN","spread":0,"samples":9,"calibration":"c"}}""")]
    [InlineData("""{"node":"n","job":"j","token":1,"reading":{"milliseconds":NaN,"spread":0,"samples":9,"calibration":"c"}}""")]
    [InlineData("""{"node":"n","job":"j","token":1,"reading":{"milliseconds":1e999,"spread":0,"samples":9,"calibration":"c"}}""")]
    [InlineData("""{"node":"n","job":"j","token":1,"reading":[]}""")]
    [InlineData("""{"node":"n","job":"j","token":"1"}""")]
    public async Task AReportThatIsNoneIsRefused(string body) => await Refused(400, "report", body);

    [Fact]
    public async Task AGigabyteIsNotRead()
    {
        using HttpClient node = silo.As("run");
        using var content = new StreamContent(new MemoryStream(new byte[3 << 20]));
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage answer = await node.PostAsync("/api/v1/devices/pi-4/report", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task AReportOnWhatWasNeverLeasedDoesNotCount()
    {
        var (status, answer) = await Post("report", """{"node":"n","job":"gemm","token":123,"reading":{"milliseconds":1,"spread":0.1,"samples":9,"calibration":"c"}}""");
        Assert.Equal((200, false), (status, (bool)answer!["counts"]!));
        Assert.Contains("not given", (string)answer["why"]!);
        (status, answer) = await Post("beat", """{"node":"n","job":"gemm","token":123,"step":1}""");
        Assert.Equal((200, false), (status, (bool)answer!["goOn"]!));
    }

    [Fact]
    public async Task ANodeThatAsksIsListedWithItsDevice()
    {
        using HttpClient node = silo.As("run");
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage> waits = node.PostAsync("/api/v1/devices/shelf/lease", ApiSilo.Json("""{"name":"shelf/1","calibration":"c","processor":"a made-up one","threads":2}"""), gone.Token);
        JsonNode? device = null;
        while (device is null || device["nodes"]!.AsArray().Count == 0)
            device = (await silo.As("viewer").GetFromJsonAsync<JsonNode>("/api/v1/devices"))!.AsArray().FirstOrDefault(d => (string?)d!["name"] == "shelf");
        JsonNode listed = Assert.Single(device["nodes"]!.AsArray())!;
        Assert.Equal(("attached", "shelf/1", "ready", "a made-up one", 2), ((string)device["kind"]!, (string)listed["name"]!, (string)listed["status"]!, (string)listed["processor"]!, (int)listed["threads"]!));
        Assert.Equal((0, 0), ((int)device["queue"]!["waiting"]!, (int)device["queue"]!["leased"]!));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
    }
}
