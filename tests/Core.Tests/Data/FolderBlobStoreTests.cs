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
