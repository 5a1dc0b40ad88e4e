using Hone.Cluster.Tests.Running;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Blobs;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Blobs;

public sealed class S3BlobStoreTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FakeS3 _s3 = null!;
    private S3BlobStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        // As in a pod: the usual variables.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test-key");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test-secret");
        _s3 = await FakeS3.Start();
        _store = Store();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_s3.Complaints);
        await _s3.DisposeAsync();
        _scratch.Dispose();
    }

    private S3BlobStore Store(string cache = "cache", long limit = 1 << 30)
    {
        S3Address address = S3Address.Parse($"s3://hone/team/a?endpoint={_s3.Url}");
        return new S3BlobStore(BlobStores.Client(address), address, new BlobCache(Path.Combine(_scratch.Folder, cache), limit, _clock), _clock);
    }

    private static string PathOf(BlobId id) => $"/hone/team/a/{id.Hex[..2]}/{id.Hex}";

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 + i / 251))];

    private static byte[] Read(IBlobStore store, BlobId id)
    {
        using Stream stream = store.Open(id);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_073)]
    [InlineData(17_000_001)]
    public void WhatIsPutHereIsReadElsewhere(int length)
    {
        byte[] bytes = Bytes(length);
        BlobId id = _store.Put(bytes);
        Assert.Equal(bytes, _s3.Objects[PathOf(id)].Bytes);
        Assert.Equal(id, Store("other").Put(new MemoryStream(bytes)));
        Assert.Equal(bytes, Read(Store("a third"), id));
        Assert.True(_store.Has(id));
    }

    [Fact]
    public void WhatIsInTheCacheIsNotAskedForAndWhatIsNewThereIsNotSentTwice()
    {
        BlobId id = _store.Put(Bytes(100));
        _s3.Requests.Clear();
        Read(_store, id);
        Assert.Empty(_s3.Requests);
        _store.Put(Bytes(100));
        Assert.Equal([$"HEAD {PathOf(id)}"], _s3.Requests);
        _clock.Advance(TimeSpan.FromHours(2));
        _store.Put(Bytes(100));   // so that it is not old for a collection
        Assert.Contains($"PUT {PathOf(id)}", _s3.Requests);
    }

    [Fact]
    public void AllPagesOfAListingAreReadAndForeignObjectsAreNotOurs()
    {
        BlobId[] put = [.. Enumerable.Range(0, 5).Select(i => _store.Put([(byte)i]))];
        _s3.Objects["/hone/team/a/notes.txt"] = ([1], DateTimeOffset.UtcNow);
        _s3.Objects[$"/hone/team/b/{put[0].Hex[..2]}/{put[0].Hex}"] = ([1], DateTimeOffset.UtcNow);
        Assert.Equal(put.Select(b => b.Hex).Order(), _store.List().Select(b => b.Id.Hex).Order());
        Assert.All(_store.List(), b => Assert.Equal(1, b.Length));
    }

    [Fact]
    public void OnlyAnObjectThatIsOlderGoes()
    {
        BlobId id = _store.Put(Bytes(9));
        DateTimeOffset written = _s3.Objects[PathOf(id)].Written;
        Assert.False(_store.DeleteOlder(id, written.AddSeconds(-5)));
        Assert.True(_store.DeleteOlder(id, written.AddSeconds(5)));
        Assert.Empty(_s3.Objects);
        Assert.False(_store.DeleteOlder(id, written.AddSeconds(5)));
        Assert.Contains("is not in s3://hone/team/a/", Assert.Throws<HoneException>(() => _store.Open(id)).Message);
        _store.Delete(id);
    }

    [Fact]
    public void ADamagedObjectIsNotHandedOut()
    {
        BlobId id = _store.Put(Bytes(50));
        _s3.Objects[PathOf(id)] = (Bytes(49), DateTimeOffset.UtcNow);
        Assert.Contains("is damaged: expected SHA-256", Assert.Throws<HoneException>(() => Store("other").Open(id)).Message);
    }

    [Fact]
    public void AStoreThatDoesNotServeIsNoAnswerAboutTheBlob()
    {
        BlobId id = _store.Put(Bytes(50));
        _s3.Down = true;
        string message = Assert.Throws<IOException>(() => Store("other").Open(id)).Message;
        Assert.Contains("does not serve", message);
        Assert.Single(message.Split('\n'));
    }

    [Fact]
    public void AnObjectThatBreaksOffLeavesNothingAndComesLater()
    {
        BlobId id = _store.Put(Bytes(1_000_000));
        Directory.CreateDirectory(Path.Combine(_scratch.Folder, "other"));
        S3BlobStore other = Store("other");
        _s3.Breaks = true;
        Assert.ThrowsAny<IOException>(() => other.Open(id));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_scratch.Folder, "other"), "*", SearchOption.AllDirectories));
        _s3.Breaks = false;
        Assert.Equal(Bytes(1_000_000), Read(other, id));
    }

    [Fact]
    public void TheCacheKeepsWhatWasUsedLast()
    {
        S3BlobStore small = Store("small", limit: 250);
        BlobId[] ids = new BlobId[3];
        for (int i = 0; i < 3; i++)
        {
            ids[i] = small.Put(Bytes(100 + i));
            _clock.Advance(TimeSpan.FromMinutes(1));
            if (i == 1) Read(small, ids[0]);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        var here = new FolderBlobStore(Path.Combine(_scratch.Folder, "small"));
        Assert.Equal([true, false, true], ids.Select(here.Has));
        Assert.Equal(Bytes(101), Read(small, ids[1]));   // comes again
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3://UPPER/x")]
    [InlineData("s3://hone/../x")]
    [InlineData("s3://hone/x?region=y")]
    [InlineData("s3://hone/x?endpoint=nowhere")]
    public void AnAddressThatIsNoneIsRefused(string address) => Assert.Contains("--blobs: expected", Assert.Throws<SpecException>(() => S3Address.Parse(address)).Message);
}
