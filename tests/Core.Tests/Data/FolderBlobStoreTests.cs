using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class FolderBlobStoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_073)]
    [InlineData((16 << 20) + 1)]
    public void WhatIsPutComesBackUnderItsHash(int length)
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root["blobs"]);
        byte[] bytes = Bytes(length);
        BlobId id = store.Put(bytes);
        Assert.Equal(BlobId.Of(bytes), id);
        Assert.Equal(id, store.Put(new MemoryStream(bytes)));
        Assert.Equal(bytes, Read(store, id));
        Assert.Equal([Path.Combine("blobs", id.Hex[..2], id.Hex)], root.Files);
    }

    [Fact]
    public void AStreamIsStoredFromWhereItStands()
    {
        using var root = new TempFolder();
        var stream = new MemoryStream(Bytes(100)) { Position = 40 };
        Assert.Equal(BlobId.Of(Bytes(100).AsSpan(40)), new FolderBlobStore(root.Path).Put(stream));
    }

    [Fact]
    public void ABlobThatWasNeverStoredIsAClearError()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        BlobId id = BlobId.Of([1, 2, 3]);
        Assert.False(store.Has(id));
        Assert.Contains($"blob {id} is not in {root.Path}", Assert.Throws<HoneException>(() => store.Open(id)).Message);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1000, false)]
    [InlineData((16 << 20) + 1, true)]
    public void ADamagedBlobIsNeverHandedOutAndPuttingItAgainMendsIt(int length, bool flip)
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        byte[] bytes = Bytes(length), damaged = flip ? [.. bytes] : bytes[..^1];
        if (flip) damaged[length / 2] ^= 1;
        BlobId id = store.Put(bytes);
        File.WriteAllBytes(root[id.Hex[..2], id.Hex], damaged);
        var error = Assert.Throws<HoneException>(() => store.Open(id));
        Assert.Contains($"is damaged: expected SHA-256 {id}, got {BlobId.Of(damaged)}", error.Message);
        Assert.Equal(id, store.Put(bytes));
        Assert.Equal(bytes, Read(store, id));
    }

    [Fact]
    public void ManyWritersAndReadersOfTheSameBlobsSeeWholeBlobsOnly()
    {
        using var root = new TempFolder();
        byte[][] blobs = [.. Enumerable.Range(0, 4).Select(i => Bytes(200_000 + i))];
        Parallel.For(0, 64, i =>
        {
            var store = new FolderBlobStore(root.Path); // as separate processes would
            byte[] bytes = blobs[i % 4];
            BlobId id = i % 8 < 4 ? store.Put(bytes) : store.Put(new MemoryStream(bytes));
            Assert.Equal(bytes, Read(store, id));
        });
        Assert.Equal(4, root.Files.Length);
    }

    [Fact]
    public void ADeletedBlobIsGoneAndOneThatNeverWasIsNoError()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        BlobId kept = store.Put([1]), gone = store.Put([2]);
        store.Delete(gone);
        store.Delete(gone);
        store.Delete(BlobId.Of([3]));
        Assert.Equal((true, false), (store.Has(kept), store.Has(gone)));
    }

    [Fact]
    public void PuttingABlobAgainRenewsItsAge()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        BlobId id = store.Put(Bytes(10));
        string file = root[id.Hex[..2], id.Hex];
        foreach (Func<BlobId> put in new Func<BlobId>[] { () => store.Put(Bytes(10)), () => store.Put(new MemoryStream(Bytes(10))) })
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            Assert.Equal(id, put());
            Assert.InRange(File.GetLastWriteTimeUtc(file).Year, 2020, 9999);
        }
    }

    [Fact]
    public void OnlyABlobThatIsOlderIsLetGo()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        var time = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        BlobId id = store.Put(Bytes(10));
        File.SetLastWriteTimeUtc(root[id.Hex[..2], id.Hex], time.UtcDateTime);
        Assert.False(store.DeleteOlder(id, time));
        Assert.Equal(Bytes(10), Read(store, id));
        Assert.True(store.DeleteOlder(id, time.AddSeconds(1)));
        Assert.False(store.DeleteOlder(id, time.AddSeconds(1)));
        Assert.Empty(root.Files);
    }

    [Fact]
    public void WritersAndACollectionAtOnceLoseNothingThatWasPutSince()
    {
        using var root = new TempFolder();
        byte[] bytes = Bytes(2000);
        BlobId id = BlobId.Of(bytes);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            var store = new FolderBlobStore(root.Path);
            while (!stop.IsCancellationRequested) store.DeleteOlder(id, new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero));
        });
        collector.Start();
        try
        {
            var store = new FolderBlobStore(root.Path);
            for (int i = 0; i < 300; i++)
            {
                store.Put(bytes);
                Assert.True(SpinWait.SpinUntil(() => store.Has(id), TimeSpan.FromSeconds(10)), "it was put and is gone");   // it may be without its name for a moment
                try
                {
                    File.SetLastWriteTimeUtc(root[id.Hex[..2], id.Hex], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                }
                catch (FileNotFoundException)
                {
                    // set aside at this moment
                }
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void AListingShowsBlobsAndNothingElse()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root["blobs"]);
        Assert.Empty(store.List());
        BlobId[] put = [.. Enumerable.Range(1, 4).Select(i => store.Put(Bytes(i * 10)))];
        File.WriteAllText(root["blobs", "store.name"], "x");
        File.WriteAllText(root["blobs", put[0].Hex[..2], ".tmp-x"], "x");
        File.WriteAllText(root["blobs", put[0].Hex[..2], $"{put[0].Hex}.old"], "x");
        Assert.Equal(put.Select((b, i) => (b, (i + 1) * 10L)).OrderBy(b => b.b.Hex), store.List().Select(b => (b.Id, b.Length)).OrderBy(b => b.Id.Hex));
    }

    [Fact]
    public void PartsMakeTheWhole()
    {
        using var root = new TempFolder();
        var store = new FolderBlobStore(root.Path);
        BlobId id = store.Put(Bytes(250));
        Assert.Equal(Bytes(250), store.Part(id, 0, 100)!.Concat(store.Part(id, 100, 100)!).Concat(store.Part(id, 200, 100)!));
        Assert.Equal(250, store.Length(id));
        Assert.Empty(store.Part(id, 250, 100)!);
        Assert.Empty(store.Part(id, 900, 100)!);
        Assert.Null(store.Part(BlobId.Of([9]), 0, 100));
        Assert.Null(store.Length(BlobId.Of([9])));
    }

    [Fact]
    public void AStreamThatBreaksLeavesNothingBehind()
    {
        using var root = new TempFolder();
        Assert.Throws<IOException>(() => new FolderBlobStore(root.Path).Put(new Broken()));
        Assert.Empty(root.Files);
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)(i * 31 + i / 251);
        return bytes;
    }

    private static byte[] Read(FolderBlobStore store, BlobId id)
    {
        using Stream stream = store.Open(id);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Gives a million bytes and then fails.</summary>
    private sealed class Broken : MemoryStream
    {
        private int _left = 10;

        public override int Read(byte[] buffer, int offset, int count) => _left-- > 0 ? Math.Min(count, 100_000) : throw new IOException("broken");
    }
}
