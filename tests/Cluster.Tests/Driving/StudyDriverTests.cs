using Hone.Contracts;
using Hone.Grains;
using Hone.Grains.Driving;
using Hone.Grains.Journal;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;

namespace Hone.Cluster.Tests.Driving;

/// <summary>Storage that breaks off, without a cluster.</summary>
public class StudyDriverTests
{
    [Fact]
    public async Task AJournalThatCouldNotBeReadOnceIsReadTheNextTime()
    {
        var state = new Flaky { State = new StudyState { Spec = Running.StudyRunTests.Spec(), Phase = StudyPhase.Done } };
        var driver = new StudyDriver(new StudyPlace(state, null!, null!, new BlobRoot(""), new FakeTimeProvider(), new JournalStore(new Storage(), default)));
        await Assert.ThrowsAsync<IOException>(driver.Status);
        Assert.Equal(StudyPhase.Done, (await driver.Status()).Phase);
    }

    [Fact]
    public async Task MemoryKeepsTheStateThatStorageHas()
    {
        var before = new StudyState { Phase = StudyPhase.Search };
        var state = new Flaky { State = before };
        await Assert.ThrowsAsync<IOException>(() => state.Write(before with { Phase = StudyPhase.Done }));
        Assert.Same(before, state.State);
        await state.Write(before with { Phase = StudyPhase.Done });
        Assert.Equal(StudyPhase.Done, state.State.Phase);
    }

    /// <summary>Fails at the first write.</summary>
    private sealed class Flaky : IPersistentState<StudyState>
    {
        private bool _failed;

        public StudyState State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => true;

        public Task ClearStateAsync() => throw new NotSupportedException();

        public Task ReadStateAsync() => throw new NotSupportedException();

        public Task WriteStateAsync()
        {
            (bool failed, _failed) = (_failed, true);
            return failed ? Task.CompletedTask : Task.FromException(new IOException("No space left on device"));
        }
    }

    /// <summary>Fails at the first read, and is empty then.</summary>
    private sealed class Storage : IGrainStorage
    {
        private bool _failed;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            (bool failed, _failed) = (_failed, true);
            return failed ? Task.CompletedTask : Task.FromException(new IOException("the store does not answer"));
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
