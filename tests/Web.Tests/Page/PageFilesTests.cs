using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Hone.Contracts;
using Hone.Silo.Web.Page;
using Hone.Web.Tests.Made;

namespace Hone.Web.Tests.Page;

/// <summary>What is served as the page, and how it is protected.</summary>
public sealed partial class PageFilesTests : IAsyncLifetime
{
    private static readonly string Files = Path.Combine(AppContext.BaseDirectory, "page");

    private MadeSilo _silo = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await MadeSilo.Start([]);
        _client = new HttpClient { BaseAddress = new Uri(_silo.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _silo.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/app/app.css", "text/css; charset=utf-8")]
    [InlineData("/app/js/main.js", "text/javascript; charset=utf-8")]
    [InlineData("/app/icon.svg", "image/svg+xml")]
    public async Task EachFileHasItsTypeAndTheHeadersThatProtectIt(string path, string type)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(PageFiles.Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("unsafe", PageFiles.Policy);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using HttpResponseMessage same = await _client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task WhatTheDocumentNamesIsKeptForGoodAndTheDocumentIsNot()
    {
        using HttpResponseMessage document = await _client.GetAsync("/");
        Assert.True(document.Headers.CacheControl!.NoCache);
        string[] named = [.. NamedBelowHash().Matches(await document.Content.ReadAsStringAsync()).Select(m => m.Groups[0].Value)];
        Assert.InRange(named.Length, 30, 500);
        foreach (string path in named)
        {
            using HttpResponseMessage file = await _client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString());
            Assert.Equal(PageFiles.Policy, Assert.Single(file.Headers.GetValues("Content-Security-Policy")));
        }
        using HttpResponseMessage plain = await _client.GetAsync("/app/js/main.js"), other = await _client.GetAsync("/app/0123456789abcdef/js/main.js");
        Assert.True(plain.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("/app/vendor/LICENSE.txt")]
    [InlineData("/app/../Hone.Web.Tests.dll")]
    [InlineData("/app/%2e%2e/Hone.Web.Tests.dll")]
    [InlineData("/app/..%2fHone.Web.Tests.dll")]
    [InlineData("/app/js/")]
    [InlineData("/app/no.js")]
    [InlineData("/index.html")]
    public async Task NothingElseIsServed(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void EveryFileThatTheDocumentAndTheModulesNameIsThere()
    {
        string[] named = [.. Named().Matches(File.ReadAllText(Path.Combine(Files, "index.html"))).Select(m => Path.Combine(Files, m.Groups[1].Value)),
            .. Directory.EnumerateFiles(Files, "*.js", SearchOption.AllDirectories).Where(f => !f.Contains("vendor", StringComparison.Ordinal))
                .SelectMany(f => Imported().Matches(File.ReadAllText(f)).Select(m => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(f)!, m.Groups[1].Value))))];
        Assert.InRange(named.Length, 30, 500);
        Assert.All(named, file => Assert.True(File.Exists(file), file));
    }

    // One after the other, as imports are met, they would take a round trip for each level.
    [Fact]
    public void TheDocumentNamesEveryModuleThatTheFirstOneReaches()
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([Path.Combine(Files, "js", "main.js")]);
        while (open.TryPop(out string? file))
            foreach (Match import in Imported().Matches(File.ReadAllText(file)))
                if (Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, import.Groups[1].Value)) is var next && reached.Add(Path.GetRelativePath(Files, next))) open.Push(next);
        Assert.Equal(reached, Preloaded().Matches(File.ReadAllText(Path.Combine(Files, "index.html"))).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheDocumentAndTheModulesHoldNoMarkupFromTextAndNoInlineCode()
    {
        Assert.All(Directory.EnumerateFiles(Files, "*.js", SearchOption.AllDirectories).Where(f => !f.Contains("vendor", StringComparison.Ordinal)),
            file => Assert.False(Dangerous().IsMatch(File.ReadAllText(file)), file));
        string document = File.ReadAllText(Path.Combine(Files, "index.html"));
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|javascript:", document);
    }

    [Fact]
    public void EveryFileOfThePageIsShort()
        => Assert.All(Directory.EnumerateFiles(Files, "*.*", SearchOption.AllDirectories).Where(f => !f.Contains("vendor", StringComparison.Ordinal)), file => Assert.InRange(File.ReadLines(file).Count(), 1, 400));

    [Fact]
    public void TheChartLibraryIsTheOneThatItsNoticeNames()
    {
        string notice = File.ReadAllText(Path.Combine(Files, "vendor", "NOTICE.txt"));
        foreach (string file in new[] { "uplot.min.js", "uplot.min.css" })
            Assert.Contains($"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Files, "vendor", file))))}  {file}", notice);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MadeTrialsAreLinesAsTheClusterWritesThem(bool wide)
    {
        for (int i = 0; i < 40; i++)
        {
            string line = wide ? MadeTrials.WideLine(i) : MadeTrials.Line(i);
            Assert.Equal(i, TrialLine.Parse(line).Trial.Ordinal);
            Assert.Equal(i, TrialLine.Parse(MadeTrials.HostileLine(i)).Trial.Ordinal);
        }
    }

    [GeneratedRegex("""(?:src|href)="/app/([^"]+)""")]
    private static partial Regex Named();

    [GeneratedRegex("/app/[0-9a-f]{16}/[^\"]+")]
    private static partial Regex NamedBelowHash();

    [GeneratedRegex("""modulepreload" href="/app/([^"]+)""")]
    private static partial Regex Preloaded();

    [GeneratedRegex("""from '(\.[^']+)'""")]
    private static partial Regex Imported();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|createContextualFragment|srcdoc")]
    private static partial Regex Dangerous();
}
