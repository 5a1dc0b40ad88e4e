using Hone.Cluster.Tests.Running;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Blobs;

namespace Hone.Cluster.Tests.Blobs;

public class FetchingTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
    private static readonly BlobId Id = BlobId.Of(Content);

    private static byte[] Read(IBlobStore store)
    {
        using Stream stream = store.Open(Id);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [Fact]
    public void ABlobIsFetchedOnceAndKept()
    {
        using var scratch = new Scratch();
        var peer = new Peer(Content);
        var store = new FetchingBlobStore(new FolderBlobStore(scratch.Folder), new Peers(peer));
        Assert.True(store.Has(Id));
        Assert.Equal(Content, Read(store));
        int asked = peer.Asked;
        Assert.Equal(Content, Read(store));
        Assert.Equal((11, 11), (asked, peer.Asked));   // ten pieces and the end
    }

    [Fact]
    public void WhatIsKeptIsHereWhoeverGoesAway()
    {
        using var scratch = new Scratch();
        var own = new FolderBlobStore(scratch.Folder);
        var store = new FetchingBlobStore(own, new Peers(new Peer(Content)));
        store.Keep(Id);
        Assert.True(own.Has(Id));
        Assert.Throws<IOException>(() => store.Keep(BlobId.Of([1])));
    }

    [Fact]
    public void APeerThatGoesAwayOrSendsOtherBytesIsPassedOver()
    {
        using var scratch = new Scratch();
        var store = new FetchingBlobStore(new FolderBlobStore(scratch.Folder), new Peers(new Peer(Content, dies: 5), new Peer([.. Content[..999], 0]), new Peer(Content)));
        Assert.Equal(Content, Read(store));
    }

    [Fact]
    public void ADamagedCopyOfOnesOwnIsMended()
    {
        using var scratch = new Scratch();
        var own = new FolderBlobStore(scratch.Folder);
        own.Put(Content);
        string file = Path.Combine(scratch.Folder, Id.Hex[..2], Id.Hex);
        File.WriteAllBytes(file, Content[..10]);
        Assert.Equal(Content, Read(new FetchingBlobStore(own, new Peers(new Peer(Content)))));
        Assert.Equal(Content, File.ReadAllBytes(file));
    }

    [Fact]
    public void WhatNobodyHasIsNoFailureOfTheWorkThatWantedIt()
    {
        using var scratch = new Scratch();
        var store = new FetchingBlobStore(new FolderBlobStore(scratch.Folder), new Peers());
        Assert.False(store.Has(Id));
        Assert.Contains("one that is away may", Assert.Throws<IOException>(() => store.Open(Id)).Message);
    }

    private sealed class Peers(params Peer[] peers) : IBlobPeers
    {
        public int Count => peers.Length;

        public IEnumerable<IBlobPeer> With(BlobId id) => id == Id ? peers : [];

        public void Delete(BlobId id) => throw new NotSupportedException();
    }

    private sealed class Peer(byte[] content, int dies = int.MaxValue) : IBlobPeer
    {
        public int Asked { get; private set; }

        public byte[] Part(BlobId id, long offset) => ++Asked > dies ? throw new PeerException("gone") : content[(int)offset..Math.Min(content.Length, (int)offset + 100)];
    }
}
