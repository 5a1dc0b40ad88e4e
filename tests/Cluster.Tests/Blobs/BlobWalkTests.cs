using Hone.Cluster.Tests.Running;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Model;

namespace Hone.Cluster.Tests.Blobs;

public class BlobWalkTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OnlyWhatIsOldAndNamedByNothingGoes()
    {
        using var scratch = new Scratch();
        var store = new FolderBlobStore(scratch.Folder);
        BlobId needed = store.Put("needed"u8), young = store.Put("young"u8), old = store.Put("old one"u8);
        AgedBlobs.Set(scratch.Folder, needed, Now.AddDays(-9));
        AgedBlobs.Set(scratch.Folder, young, Now.AddHours(-23));
        AgedBlobs.Set(scratch.Folder, old, Now.AddHours(-25));
        var counted = BlobWalk.Through(store, new HashSet<BlobId> { needed }, Now.AddHours(-24), remove: false);
        Assert.Equal((new BlobCount(3, 18), new BlobCount(1, 6), new BlobCount(1, 7)), counted);
        Assert.True(store.Has(old));   // counted only
        Assert.Equal(counted, BlobWalk.Through(store, new HashSet<BlobId> { needed }, Now.AddHours(-24), remove: true));
        Assert.Equal((true, true, false), (store.Has(needed), store.Has(young), store.Has(old)));
    }

    [Fact]
    public void WhatIsPutAgainWhileTheWalkGoesOnStays()
    {
        using var scratch = new Scratch();
        var store = new FolderBlobStore(scratch.Folder);
        BlobId old = store.Put("old"u8);
        AgedBlobs.Set(scratch.Folder, old, Now.AddYears(-10));
        var (_, _, gone) = BlobWalk.Through(new PutsWhenListed(store), new HashSet<BlobId>(), Now.AddYears(-9), remove: true);
        Assert.Equal(default, gone);
        Assert.True(store.Has(old));
    }

    /// <summary>Someone puts each blob again between the moment it was listed and the moment it would go.</summary>
    private sealed class PutsWhenListed(FolderBlobStore inner) : IBlobStore
    {
        public IEnumerable<BlobEntry> List()
        {
            foreach (BlobEntry blob in inner.List().ToList())
            {
                inner.Put("old"u8);
                yield return blob;
            }
        }

        public bool DeleteOlder(BlobId id, DateTimeOffset than) => inner.DeleteOlder(id, than);

        public BlobId Put(Stream content) => throw new NotSupportedException();

        public BlobId Put(ReadOnlySpan<byte> content) => throw new NotSupportedException();

        public Stream Open(BlobId id) => throw new NotSupportedException();

        public bool Has(BlobId id) => throw new NotSupportedException();

        public void Delete(BlobId id) => throw new NotSupportedException();
    }
}
