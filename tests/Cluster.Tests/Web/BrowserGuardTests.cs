using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Web;

/// <summary>What keeps pages of other sites away: names, origins, cookies, headers, and a limit on wrong tokens.</summary>
[Collection(ApiSilo.Name)]
public class BrowserGuardTests(ApiSilo silo)
{
    private async Task<HttpResponseMessage> Send(string who, HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using HttpClient client = silo.As(who);
        var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:80", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("localhost", 200)]
    [InlineData("localhost:1234", 200)]   // a forwarded port
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    public async Task AForeignHostIsTurnedAwayEvenWithAGoodToken(string host, int status)
    {
        using HttpResponseMessage answer = await Send("admin", HttpMethod.Get, "/api/v1/session", null, ("Host", host));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:1")]
    [InlineData("file://")]
    public async Task AForeignOriginIsTurnedAwayEvenWithAGoodToken(string origin)
    {
        using HttpResponseMessage answer = await Send("admin", HttpMethod.Post, "/api/v1/studies/done/pause", null, ("Origin", origin));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Origin", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    [InlineData("same-site", 403)]   // a page at another port of this machine
    [InlineData("cross-site", 403)]
    public async Task WhatSaysThatItComesFromElsewhereIsTurnedAway(string site, int status)
    {
        using HttpResponseMessage answer = await Send("viewer", HttpMethod.Get, "/api/v1/session", null, ("Sec-Fetch-Site", site));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task TheOwnOriginIsHeardAndNoAnswerAllowsAnother()
    {
        using HttpResponseMessage answer = await Send("viewer", HttpMethod.Get, "/api/v1/session", null, ("Origin", silo.Silo.Url.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using HttpResponseMessage preflight = await Send("none", HttpMethod.Options, "/api/v1/studies", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal(HttpStatusCode.Forbidden, preflight.StatusCode);
        foreach (HttpResponseMessage each in new[] { answer, preflight }) Assert.DoesNotContain(each.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task EveryAnswerTellsBrowsersToLoadNothingFromElsewhere()
    {
        foreach (string path in new[] { "/api/v1/studies", "/nothing" })
        {
            using HttpResponseMessage answer = await Send("viewer", HttpMethod.Get, path);
            string Header(string name) => string.Join(",", answer.Headers.GetValues(name));
            Assert.Contains("default-src 'self'", Header("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", Header("Content-Security-Policy"));
            Assert.Equal(("nosniff", "DENY"), (Header("X-Content-Type-Options"), Header("X-Frame-Options")));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task ALogInIsACookieThatNoScriptAndNoOtherSiteGets()
    {
        using HttpResponseMessage begun = await Send("none", HttpMethod.Post, "/api/v1/session", ApiSilo.Json($$"""{"token":"{{silo.Tokens["viewer"]}}"}"""));
        Assert.Equal("viewer", (string)(await begun.Content.ReadFromJsonAsync<JsonNode>())!["role"]!);
        string cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.Equal($"hone-{silo.Silo.Url.Port}", cookie.Split('=')[0]);
        foreach (string part in new[] { "httponly", "samesite=strict", "path=/", "max-age=" }) Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);

        using HttpResponseMessage who = await Send("none", HttpMethod.Get, "/api/v1/session", null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(ApiToken.Of(silo.Tokens["viewer"]!)!.Id, (string)(await who.Content.ReadFromJsonAsync<JsonNode>())!["name"]!);
        using HttpResponseMessage stop = await Send("none", HttpMethod.Post, "/api/v1/studies/done/stop", null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.Forbidden, stop.StatusCode);   // the viewer's role, not the page's

        using HttpResponseMessage ended = await Send("none", HttpMethod.Delete, "/api/v1/session");
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(ended.Headers.GetValues("Set-Cookie")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hone_wrong")]
    [InlineData("\u0441\u0442")]
    public async Task ALogInWithAnotherTextSetsNoCookie(string token)
    {
        using HttpResponseMessage answer = await Send("none", HttpMethod.Post, "/api/v1/session", ApiSilo.Json($$"""{"token":"{{token}}"}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task ATokenInAUrlIsNoToken()
    {
        using HttpResponseMessage answer = await Send("none", HttpMethod.Get, $"/api/v1/session?token={silo.Tokens["admin"]}&access_token={silo.Tokens["admin"]}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task WrongTokensAreLimitedByTheAddressTheyComeFrom()
    {
        using HttpClient guesser = silo.As("foreign"), other = silo.As("admin");
        HttpStatusCode last = HttpStatusCode.Unauthorized;
        TimeSpan? again = null;
        for (int i = 0; i < 40 && last == HttpStatusCode.Unauthorized; i++)
        {
            using HttpResponseMessage answer = await guesser.GetAsync("/api/v1/session");
            (last, again) = (answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.True(again > TimeSpan.Zero);
        guesser.DefaultRequestHeaders.Authorization = new("Bearer", silo.Tokens["admin"]);   // guessed at last, and not heard
        using HttpResponseMessage late = await guesser.GetAsync("/api/v1/session"), login = await guesser.PostAsync("/api/v1/session", ApiSilo.Json($$"""{"token":"{{silo.Tokens["admin"]}}"}"""));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (late.StatusCode, login.StatusCode));
        using HttpResponseMessage elsewhere = await other.GetAsync("/api/v1/session");
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task ARevokedTokenIsWorthlessWithinSeconds()
    {
        using HttpResponseMessage made = await Send("admin", HttpMethod.Post, "/api/v1/tokens", ApiSilo.Json("""{"role":"viewer"}"""));
        JsonNode token = (await made.Content.ReadFromJsonAsync<JsonNode>())!;
        using HttpClient bearer = silo.Bearing((string)token["token"]!);
        long start = TimeProvider.System.GetTimestamp();
        while ((await bearer.GetAsync("/api/v1/session")).StatusCode != HttpStatusCode.OK) Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < 5);
        using HttpResponseMessage revoked = await Send("admin", HttpMethod.Delete, $"/api/v1/tokens/{token["id"]}");
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        start = TimeProvider.System.GetTimestamp();
        while ((await bearer.GetAsync("/api/v1/session")).StatusCode != HttpStatusCode.Unauthorized) Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < 5);
        string list = await (await Send("admin", HttpMethod.Get, "/api/v1/tokens")).Content.ReadAsStringAsync();
        Assert.Contains((string)token["id"]!, list);
        Assert.DoesNotContain(ApiToken.Of((string)token["token"]!)!.Hash, list);
    }
}
