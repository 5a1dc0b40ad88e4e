using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Model;
using Hone.Silo.Blobs;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Blobs;

/// <summary>A control silo and a worker that see nothing of each other's folders.</summary>
public sealed class TwoSilosTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private EmbeddedStore _store = null!;
    private WebApplication _control = null!, _worker = null!;

    public async ValueTask InitializeAsync()
    {
        int[] ports = Ports.Free(5);
        _store = new EmbeddedStore(Path.Combine(_scratch.Folder, "store"), ports[0], "secret");
        _control = await Start(Role.Control, ports[0], ports[1], ports[2]);
        _worker = await Start(Role.Worker, ports[0], ports[3], ports[4]);
        foreach (WebApplication silo in new[] { _control, _worker })
            for (int i = 0; silo.Services.GetRequiredService<BlobServices>().Silos.Count < 2; i++, await Task.Delay(50))
                Assert.True(i < 600, "the silos did not find each other");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication silo in new[] { _worker, _control })
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }
        _store.Dispose();
        _scratch.Dispose();
    }

    private static IBlobStore Blobs(WebApplication silo) => silo.Services.GetRequiredService<IBlobStore>();

    private string Folder(Role role) => Path.Combine(_scratch.Folder, $"{role}", ClusterAddress.BlobFolder);

    private async Task<WebApplication> Start(Role role, int store, int silo, int gateway)
    {
        string address = $"127.0.0.1:{store}";
        var options = new SiloOptions(role, address, "hone", Path.Combine(_scratch.Folder, $"{role}"), null, 1, "http://127.0.0.1:0", null, false, null);
        WebApplication app = SiloHost.Build(options, new Silo.Hosting.Cluster(new ClusterAddress(address, "secret", "hone"), silo, gateway), BlobStores.Open(options, TimeProvider.System));
        await app.StartAsync();
        return app;
    }

    private static byte[] Read(IBlobStore store, BlobId id)
    {
        using Stream stream = store.Open(id);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [Fact]
    public async Task AStudyRunsThoughNoFolderIsShared()
    {
        IGrainFactory grains = _control.Services.GetRequiredService<IGrainFactory>();
        Assert.Null((await grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec(trials: 30))).Error);
        StudyStatus? status = null;
        await foreach (StudyUpdate update in grains.GetGrain<IStudyGrain>("zdt").Watch(0)) status = update.Status;
        Assert.Equal((StudyPhase.Done, null), (status!.Phase, status.Reason));
        var home = new FolderBlobStore(status.BlobRoot);   // where the study's grain lives: a worker may go and take its own folder with it
        Assert.All(status.Artifacts.AsEnumerable(), file => Assert.True(home.Has(file.Blob), file.Path));
        foreach (WebApplication silo in new[] { _control, _worker })
            foreach (Artifact file in status.Artifacts.AsEnumerable())
                Assert.Equal(file.Blob, BlobId.Of(Read(Blobs(silo), file.Blob)));

        // Each store is looked through by its own silo.
        List<BlobSurvey> surveys = [];
        await foreach (BlobSurvey survey in grains.GetGrain<IBlobGrain>("all").Survey(BlobAge.Usual, remove: true)) surveys.Add(survey);
        Assert.Equal(new[] { Folder(Role.Control), Folder(Role.Worker) }.Order(), surveys.Select(s => s.Store).Order());
        Assert.All(surveys, s => Assert.Equal((null, 0), (s.Problem, s.Old)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(IBlobService.Piece)]
    [InlineData(IBlobService.Piece + 1)]
    [InlineData(5_000_000)]
    public void ABlobOfAnyLengthIsFetchedFromTheSiloThatHasIt(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)(i * 31 + i / 251);
        BlobId id = Blobs(_worker).Put(bytes);
        var control = new FolderBlobStore(Folder(Role.Control));
        Assert.False(control.Has(id));
        Assert.Equal(bytes, Read(Blobs(_control), id));
        Assert.Equal(bytes, Read(control, id));
    }

    [Fact]
    public async Task WhatIsLetGoIsLetGoEverywhere()
    {
        BlobId id = Blobs(_worker).Put("a checkpoint that was replaced"u8);
        Blobs(_control).Delete(id);
        var worker = new FolderBlobStore(Folder(Role.Worker));
        for (int i = 0; worker.Has(id); i++, await Task.Delay(20)) Assert.True(i < 500, "the worker still has it");
        Assert.False(Blobs(_control).Has(id));
    }
}
