using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Blobs;
using Hone.Silo.Slots;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Blobs;

public class QuotaTests
{
    [Fact]
    public void WhatWouldExceedTheQuotaIsRefusedAsAFullDiskAndTakenOnceThereIsRoom()
    {
        using var scratch = new Scratch();
        var clock = new FakeTimeProvider();
        var store = new QuotaBlobStore(new FolderBlobStore(scratch.Folder), 1000, clock);
        BlobId first = store.Put(new byte[600]);
        var full = Assert.Throws<IOException>(() => store.Put(new MemoryStream(new byte[401])));
        Assert.Contains("600 bytes of the 1000 bytes that --blob-quota allows, and 401 bytes more", full.Message);
        Assert.Contains("hone blobs gc", full.Message);
        store.Put(new byte[400]);
        store.Delete(first);
        clock.Advance(TimeSpan.FromSeconds(2));
        store.Put(new byte[599]);
    }

    [Fact]
    public void WhatOthersPutCountsToo()
    {
        using var scratch = new Scratch();
        var clock = new FakeTimeProvider();
        var store = new QuotaBlobStore(new FolderBlobStore(scratch.Folder), 1000, clock);
        store.Put(new byte[10]);
        new FolderBlobStore(scratch.Folder).Put(new byte[900]);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Throws<IOException>(() => store.Put(new byte[100]));
    }

    [Fact]
    public void AFullStoreIsALostLeaseAndNeverAnOutcome()
    {
        using var scratch = new Scratch();
        var full = Assert.Throws<IOException>(() => new QuotaBlobStore(new FolderBlobStore(scratch.Folder), 1, TimeProvider.System).Put(new byte[2]));
        foreach (JobKind kind in Enum.GetValues<JobKind>()) Assert.Null(Verdict.Of(kind, full));
        Assert.Contains("the blob store is full", Verdict.Reason("a/1/0", full));
    }
}
