using System.Net;
using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class FetchTests
{
    [Fact]
    public async Task AptFetchesWithoutAnUpdateWhenItKnowsThePackage()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRun = Apt(known: true) };
        var progress = new Seen();
        Assert.Equal(machine.CacheFolder, await machine.Locator.EnsureAsync("small", null, progress));
        Assert.Equal(["apt-get download --print-uris dataset-small", "apt-get download dataset-small", "dpkg -x dataset-small_1_all.deb unpacked"], machine.Asked);
        Assert.Equal(["test-images.gz", "test-labels.gz", "train-images.gz", "train-labels.gz"], Cached(machine));
        Assert.Contains(progress.Reports, r => r.What == "checking train-images.gz" && r.Done == r.Total && r.Done == SmallIdx.Contents[0].Length);
    }

    [Fact]
    public async Task AptUpdatesOnceWhenItDoesNotKnowThePackage()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRun = Apt(known: false) };
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(1, machine.Asked.Count(a => a == "apt-get update"));
        Assert.Equal(4, Cached(machine).Length);
    }

    [Fact]
    public async Task WhatOneMachineHasPutIntoTheBlobStoreAnotherTakesBeforeItAsksTheNetwork()
    {
        using TempFolder there = new(), here = new(), shared = new();
        var store = new FolderBlobStore(shared.Path);
        var owner = new FakeMachine(there);
        SmallIdx.WriteTo(owner.CacheFolder);
        await owner.Locator.PutAsync("small", store);
        Assert.Equal(SmallIdx.Contents.Select(c => BlobId.Of(c).Hex).Order(), store.List().Select(b => b.Id.Hex).Order());
        var machine = new FakeMachine(here) { Blobs = store, OnRequest = FakeMachine.Serve };
        Assert.Equal(machine.CacheFolder, await machine.Locator.EnsureAsync("small", null));
        Assert.Empty(machine.Asked);
        Assert.Equal(["test-images", "test-labels", "train-images", "train-labels"], Cached(machine));
        Assert.Equal(20, machine.Locator.Load("small", null).LoadTrain().Count);
    }

    [Fact]
    public async Task ABlobStoreThatLacksAFileIsPassedOver()
    {
        using TempFolder root = new(), shared = new();
        var machine = new FakeMachine(root) { Blobs = new FolderBlobStore(shared.Path), OnRequest = FakeMachine.Serve };
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, Cached(machine).Length);
        var nothing = new FakeMachine(shared) { Blobs = new FolderBlobStore(shared["none"]) };
        Assert.Contains("the blob store: it holds no train-images.gz", (await Assert.ThrowsAsync<HoneException>(() => nothing.Locator.EnsureAsync("small", null))).Message);
    }

    [Fact]
    public async Task UpstreamServesWhenTheMachineHasNoApt()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRequest = FakeMachine.Serve };
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, machine.Asked.Count(a => a.StartsWith("GET http://first.invalid/", StringComparison.Ordinal)));
        Assert.Equal(20, machine.Locator.Load("small", null).LoadTrain().Count);
    }

    [Fact]
    public async Task APackageWithOtherBytesIsTurnedDownAndUpstreamServes()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRun = Apt(known: true, damage: true), OnRequest = FakeMachine.Serve };
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, Cached(machine).Length);
    }

    [Fact]
    public async Task WhenNothingServesEveryReasonIsGivenAndNothingIsLeft()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRun = (_, _, _) => new ProcessResult(100, "", "W: noise\nE: Unable to locate package dataset-small\n") };
        var error = await Assert.ThrowsAsync<HoneException>(() => machine.Locator.EnsureAsync("small", null));
        Assert.Contains("the package dataset-small: apt-get update: E: Unable to locate package dataset-small", error.Message);
        Assert.Contains("http://second.invalid/train-images.gz: unreachable (4 attempts)", error.Message);
        Assert.Contains($"into {machine.CacheFolder} or name their folder with --data", error.Message);
        Assert.Empty(root.Files);
        Assert.Empty(Directory.GetDirectories(machine.CacheFolder));
    }

    [Fact]
    public async Task OnlyTheFilesThatTheCacheLacksAreFetched()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRequest = FakeMachine.Serve };
        File.Delete(Path.Combine(SmallIdx.WriteTo(machine.CacheFolder), "test-labels.gz"));
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal("GET http://first.invalid/test-labels.gz", Assert.Single(machine.Asked, a => a.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABrokenTransferGoesOnWhereItStoppedOrAnewWhenTheServerCannot(bool ranges)
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        machine.OnRequest = (request, _) =>
        {
            byte[] whole = FakeMachine.ContentOf(request);
            if (request.Headers.Range is not { } range)
            {
                var response = FakeMachine.Bytes(whole);
                bool first = machine.Asked.Count(a => a.Contains(request.RequestUri!.ToString(), StringComparison.Ordinal)) == 1;
                if (first) response.Content = new StreamContent(new Breaking(whole[..20], null)) { Headers = { ContentLength = whole.Length } };
                return Task.FromResult(response);
            }
            if (!ranges) return Task.FromResult(FakeMachine.Bytes(whole));
            int from = (int)range.Ranges.Single().From!.Value;
            var rest = new ByteArrayContent(whole[from..]) { Headers = { ContentRange = new(from, whole.Length - 1, whole.Length) } };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = rest });
        };
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, machine.Asked.Count(a => a.EndsWith("bytes=20-", StringComparison.Ordinal)));
        Assert.Equal(4, Cached(machine).Length);
    }

    [Fact]
    public async Task AStalledTransferIsTakenUpAgain()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        machine.OnRequest = (request, cancel) => request.Headers.Range is null && machine.Asked.Count(a => a.StartsWith("GET", StringComparison.Ordinal)) == 1
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Breaking([], Task.Delay(Timeout.Infinite, cancel))) })
            : FakeMachine.Serve(request, cancel);
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, Cached(machine).Length);
    }

    [Fact]
    public async Task AnAddressThatAnswers404IsLeftForTheNextAtOnce()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        machine.OnRequest = (request, cancel) => request.RequestUri!.Host == "first.invalid"
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)) : FakeMachine.Serve(request, cancel);
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal(4, machine.Asked.Count(a => a.Contains("first.invalid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WithoutANetworkEachAddressIsAskedOnce()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRequest = (_, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known") };
        var error = await Assert.ThrowsAsync<HoneException>(() => machine.Locator.EnsureAsync("small", null));
        Assert.Contains("http://first.invalid/train-images.gz: Name or service not known; http://second.invalid/", error.Message);
        Assert.Equal(2, machine.Asked.Count(a => a.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WrongBytesFromUpstreamAreRefusedWithBothHashesAndLeaveNothing()
    {
        using var root = new TempFolder();
        byte[] other = [.. SmallIdx.Contents[0]];
        other[^1] ^= 1;
        var machine = new FakeMachine(root) { OnRequest = (_, _) => Task.FromResult(FakeMachine.Bytes(SmallIdx.Gzip(other))) };
        var error = await Assert.ThrowsAsync<HoneException>(() => machine.Locator.EnsureAsync("small", null));
        Assert.Contains($"has the SHA-256 {BlobId.Of(other)}, expected {SmallIdx.Record.Files[0].Sha256}", error.Message);
        Assert.Empty(root.Files);
    }

    [Fact]
    public async Task AnInterruptedDownloadLeavesNoFile()
    {
        using var root = new TempFolder();
        using var user = new CancellationTokenSource();
        var machine = new FakeMachine(root);
        machine.OnRequest = (request, cancel) =>
        {
            if (!request.RequestUri!.LocalPath.Contains("test-images", StringComparison.Ordinal)) return FakeMachine.Serve(request, cancel);
            user.Cancel();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Breaking(new byte[10], null)) });
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => machine.Locator.EnsureAsync("small", null, null, user.Token));
        Assert.Empty(root.Files);
        Assert.Empty(Directory.GetDirectories(machine.CacheFolder));
    }

    [Fact]
    public async Task TwoFetchesAtOnceBothEndWithWholeFiles()
    {
        using var root = new TempFolder();
        var together = new TaskCompletionSource();
        int waiting = 0;
        var machine = new FakeMachine(root);
        machine.OnRequest = async (request, cancel) =>
        {
            // Both have begun to download the same file before either gets a byte.
            if (request.RequestUri!.LocalPath.Contains("train-images", StringComparison.Ordinal) && Interlocked.Increment(ref waiting) == 2) together.SetResult();
            await together.Task.WaitAsync(TimeSpan.FromSeconds(20), cancel);
            return await FakeMachine.Serve(request, cancel);
        };
        string[] folders = await Task.WhenAll(Task.Run(() => machine.Locator.EnsureAsync("small", null)), Task.Run(() => machine.Locator.EnsureAsync("small", null)));
        Assert.Equal([machine.CacheFolder, machine.CacheFolder], folders);
        Assert.Equal(4, Cached(machine).Length);
        Assert.Equal(20, machine.Locator.Load("small", null).LoadTrain().Count);
    }

    [Fact]
    public async Task WhatAKilledFetchLeftADayAgoGoesAndWhatIsNewerStays()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRequest = FakeMachine.Serve };
        string old = Path.Combine(machine.CacheFolder, ".fetch-old"), fresh = Path.Combine(machine.CacheFolder, ".fetch-new");
        Directory.CreateDirectory(old);
        Directory.CreateDirectory(fresh);
        Directory.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));
        await machine.Locator.EnsureAsync("small", null);
        Assert.Equal([fresh], Directory.GetDirectories(machine.CacheFolder));
    }

    [Fact]
    public async Task ACacheThatCannotBeWrittenIsNamedWithTheWayOut()
    {
        using var root = new TempFolder();
        File.WriteAllText(root["xdg"], "a file where a folder is needed");
        var machine = new FakeMachine(root) { OnRequest = FakeMachine.Serve, Variables = { ["XDG_CACHE_HOME"] = root["xdg"] } };
        var error = await Assert.ThrowsAsync<HoneException>(() => machine.Locator.EnsureAsync("small", null));
        Assert.Contains($"the cache folder {root["xdg", "hone", "small"]} cannot be written", error.Message);
        Assert.Contains("set XDG_CACHE_HOME", error.Message);
    }

    private static string[] Cached(FakeMachine machine) =>
        [.. Directory.GetFileSystemEntries(machine.CacheFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>An apt-get and a dpkg that act on the disk as the real ones do.</summary>
    private static Func<string, IReadOnlyList<string>, string, ProcessResult?> Apt(bool known, bool damage = false) => (program, arguments, folder) =>
    {
        if (program == "dpkg")
        {
            string place = SmallIdx.WriteTo(Path.Combine(folder, arguments[2], "usr/share/datasets/small"));
            if (damage) File.WriteAllBytes(Path.Combine(place, "test-labels.gz"), SmallIdx.Gzip(SmallIdx.Labels(10, 3)));
            return new ProcessResult(0, "", "");
        }
        if (arguments.Contains("update")) known = true;
        if (!known) return new ProcessResult(100, "", "E: Unable to locate package dataset-small");
        if (arguments.Contains("--print-uris")) return new ProcessResult(0, "'http://deb.invalid/d.deb' dataset-small_1_all.deb 1234 SHA256:00\n", "");
        if (arguments.Contains("download")) File.WriteAllText(Path.Combine(folder, "dataset-small_1_all.deb"), "");
        return new ProcessResult(0, "", "");
    };

    private sealed class Seen : IProgress<FetchProgress>
    {
        public List<FetchProgress> Reports { get; } = [];

        public void Report(FetchProgress value) => Reports.Add(value);
    }

    /// <summary>Gives some bytes and then breaks, or waits and gives nothing.</summary>
    private sealed class Breaking(byte[] bytes, Task? wait) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (wait is not null) await wait.WaitAsync(cancellationToken);
            int read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("the connection was reset");
        }
    }
}
