using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Model;
using Hone.Silo.Hosting;

namespace Hone.Cluster.Tests.Blobs;

public sealed class TwoSilosTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
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
        IGrainFactory grains = silos.Grains;
        Assert.Null((await grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec(trials: 30))).Error);
        StudyStatus? status = null;
        await foreach (StudyUpdate update in grains.GetGrain<IStudyGrain>("zdt").Watch(0)) status = update.Status;
        Assert.Equal((StudyPhase.Done, null), (status!.Phase, status.Reason));
        var home = new FolderBlobStore(status.BlobRoot);   // where the study's grain lives: a worker may go and take its own folder with it
        Assert.All(status.Artifacts.AsEnumerable(), file => Assert.True(home.Has(file.Blob), file.Path));
        foreach (IBlobStore store in new[] { silos.Control, silos.Worker })
            foreach (Artifact file in status.Artifacts.AsEnumerable())
                Assert.Equal(file.Blob, BlobId.Of(Read(store, file.Blob)));

        // Each store is looked through by its own silo.
        List<BlobSurvey> surveys = [];
        await foreach (BlobSurvey survey in grains.GetGrain<IBlobGrain>("all").Survey(BlobAge.Usual, remove: true)) surveys.Add(survey);
        Assert.Equal(new[] { silos.Folder(Role.Control), silos.Folder(Role.Worker) }.Order(), surveys.Select(s => s.Store).Order());
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
        BlobId id = silos.Worker.Put(bytes);
        var control = new FolderBlobStore(silos.Folder(Role.Control));
        Assert.False(control.Has(id));
        Assert.Equal(bytes, Read(silos.Control, id));
        Assert.Equal(bytes, Read(control, id));
    }

    [Fact]
    public async Task WhatIsLetGoIsLetGoEverywhere()
    {
        BlobId id = silos.Worker.Put("a checkpoint that was replaced"u8);
        silos.Control.Delete(id);
        var worker = new FolderBlobStore(silos.Folder(Role.Worker));
        for (int i = 0; worker.Has(id); i++, await Task.Delay(20)) Assert.True(i < 500, "the worker still has it");
        Assert.False(silos.Control.Has(id));
    }
}
