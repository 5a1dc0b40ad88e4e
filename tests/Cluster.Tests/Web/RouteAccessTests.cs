using System.Net;
using System.Text.Json.Nodes;
using Hone.Silo.Web.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Web;

/// <summary>Every route that is served, asked by everyone.</summary>
[Collection(ApiSilo.Name)]
public class RouteAccessTests(ApiSilo silo)
{
    private static readonly string Zeros = new('0', 64);

    /// <summary>A request for each route of the table, and what who may make it gets.</summary>
    private static readonly (string Route, string Path, string? Body, int Allowed)[] Requests =
    [
        ("GET /api/v1/studies", "/api/v1/studies", null, 200),
        ("POST /api/v1/studies", "/api/v1/studies", "{}", 400),
        ("GET /api/v1/studies/{name}", "/api/v1/studies/done", null, 200),
        ("POST /api/v1/studies/{name}/pause", "/api/v1/studies/done/pause", "", 409),
        ("POST /api/v1/studies/{name}/resume", "/api/v1/studies/done/resume", "", 409),
        ("POST /api/v1/studies/{name}/stop", "/api/v1/studies/done/stop", "", 409),
        ("POST /api/v1/studies/{name}/extend", "/api/v1/studies/done/extend", """{"trials":1}""", 400),
        ("POST /api/v1/studies/{name}/retry", "/api/v1/studies/done/retry", "", 409),
        ("GET /api/v1/studies/{name}/trials", "/api/v1/studies/done/trials?limit=1", null, 200),
        ("GET /api/v1/studies/{name}/columns", "/api/v1/studies/done/columns", null, 200),
        ("GET /api/v1/studies/{name}/watch", "/api/v1/studies/done/watch", null, 200),
        ("GET /api/v1/studies/{name}/explain", "/api/v1/studies/done/explain?candidate=0", null, 200),
        ("POST /api/v1/studies/{name}/retarget", "/api/v1/studies/done/retarget", """{"device":{"name":"zcu102","options":{}}}""", 409),
        ("GET /api/v1/studies/{name}/training", "/api/v1/studies/done/training", null, 200),
        ("GET /api/v1/studies/{name}/artifacts/{**path}", "/api/v1/studies/done/artifacts/front.json", null, 200),
        ("GET /api/v1/blobs/{sha256}", $"/api/v1/blobs/{Zeros}", null, 404),
        ("GET /api/v1/blobs", "/api/v1/blobs?olderThan=7d", null, 200),
        ("POST /api/v1/blobs/collect", "/api/v1/blobs/collect", """{"olderThan":"0.5h"}""", 400),
        ("GET /api/v1/cluster", "/api/v1/cluster", null, 200),
        ("GET /api/v1/devices", "/api/v1/devices", null, 200),
        ("POST /api/v1/devices/{name}/calibrate", "/api/v1/devices/pi-4/calibrate", "{}", 400),
        ("GET /api/v1/devices/{name}/calibration", "/api/v1/devices/none/calibration", null, 404),
        ("POST /api/v1/devices/{name}/detach", "/api/v1/devices/none/detach", "", 404),
        ("POST /api/v1/devices/{name}/lease", "/api/v1/devices/pi-4/lease", "{}", 400),
        ("POST /api/v1/devices/{name}/beat", "/api/v1/devices/pi-4/beat", "{}", 400),
        ("POST /api/v1/devices/{name}/report", "/api/v1/devices/pi-4/report", "{}", 400),
        ("GET /api/v1/tokens", "/api/v1/tokens", null, 200),
        ("POST /api/v1/tokens", "/api/v1/tokens", """{"role":"nobody"}""", 400),
        ("DELETE /api/v1/tokens/{id}", "/api/v1/tokens/none", null, 404),
        ("GET /api/v1/session", "/api/v1/session", null, 200),
        ("POST /api/v1/session", "/api/v1/session", "{}", 400),
        ("DELETE /api/v1/session", "/api/v1/session", null, 204),
        ("GET /openapi/v1.json", "/openapi/v1.json", null, 200),
    ];

    private static readonly string[] Everyone = ["none", "viewer", "operator", "admin", "device", "revoked", "expired", "foreign", "run"];

    private IEnumerable<(string Method, string Route)> Served() =>
        from endpoint in silo.Silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, RouteAccess.Path(endpoint.RoutePattern.RawText));

    [Fact]
    public void WhatIsServedIsWhatTheTableSaysAndEachRowIsAskedHere()
    {
        string[] served = [.. Served().Where(s => !s.Route.StartsWith(RouteAccess.Dashboard, StringComparison.Ordinal)).Select(s => $"{s.Method} {s.Route}").Order()];
        Assert.Equal(RouteAccess.Table.Select(r => $"{r.Method} {r.Route}").Order(), served);
        Assert.Equal(served, Requests.Select(r => r.Route).Order());
    }

    [Fact]
    public async Task EveryRouteAnswersEveryCallerAsTheTableSays()
    {
        var wrong = new List<string>();
        foreach (var (route, path, body, allowed) in Requests)
        {
            Access access = RouteAccess.Table.First(r => $"{r.Method} {r.Route}" == route).Access;
            foreach (string who in Everyone)
            {
                int expected = Expected(who, access, allowed), got = await Ask(who, route.Split(' ')[0], path, body);
                if (got != expected) wrong.Add($"{route} by {who}: expected {expected}, got {got}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task TheDashboardIsTheAdminsAlone()
    {
        var wrong = new List<string>();
        (string Method, string Route)[] dashboard = [.. Served().Where(s => s.Route.StartsWith(RouteAccess.Dashboard, StringComparison.Ordinal))];
        Assert.True(dashboard.Length > 10);
        foreach (var (method, route) in dashboard)
        {
            string path = System.Text.RegularExpressions.Regex.Replace(route, @"\{[^}]*\}", "1");
            foreach (string who in Everyone.Except(["admin", "run"]))
                if (await Ask(who, method, path, null) is var got && got != Expected(who, Access.Admin, 0)) wrong.Add($"{route} by {who}: got {got}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(200, await Ask("admin", "GET", "/dashboard/", null));
    }

    [Theory]
    [InlineData("lease")]
    [InlineData("beat")]
    [InlineData("report")]
    public async Task ADeviceSpeaksForNoOther(string verb) => Assert.Equal(403, await Ask("device", "POST", $"/api/v1/devices/pi-5/{verb}", "{}"));

    [Fact]
    public async Task ARefusalIsAProblemWithOneLine()
    {
        using HttpClient nobody = silo.As("none");
        using HttpResponseMessage refused = await nobody.GetAsync("/api/v1/studies");
        Assert.Equal(("application/problem+json", "Bearer"), (refused.Content.Headers.ContentType!.MediaType, refused.Headers.WwwAuthenticate.Single().Scheme));
        JsonNode problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        Assert.Equal((401, "Unauthorized"), ((int)problem["status"]!, (string)problem["title"]!));
        Assert.Contains("hone token create", (string)problem["detail"]!);
    }

    [Fact]
    public void ARouteThatIsNotInTheTableCannotBeServed() => Assert.Throws<InvalidOperationException>(() => RouteAccess.Of("GET", "/api/v1/secrets"));

    private static int Expected(string who, Access access, int allowed) => (who, access) switch
    {
        (_, Access.Anyone) => allowed,
        ("none" or "revoked" or "expired" or "foreign", _) => 401,
        ("device", Access.Node) => allowed,
        ("device", _) or ("viewer", Access.Node or Access.Operator or Access.Admin) or ("operator", Access.Admin) => 403,
        _ => allowed,
    };

    private async Task<int> Ask(string who, string method, string path, string? body)
    {
        using HttpClient client = silo.As(who);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is { Length: > 0 } ? ApiSilo.Json(body) : null };
        using HttpResponseMessage answer = await client.SendAsync(request);
        HttpStatusCode status = answer.StatusCode;
        await answer.Content.ReadAsByteArrayAsync();
        return (int)status;
    }
}
