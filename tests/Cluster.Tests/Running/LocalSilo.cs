using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Hone.Cluster.Tests.Running;

/// <summary>A whole silo with its own store in the test's process, on a data folder that outlives it.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private readonly RunningSilo _silo;

    private LocalSilo(RunningSilo silo) => _silo = silo;

    public IGrainFactory Grains => _silo.App.Services.GetRequiredService<IGrainFactory>();

    public IBlobStore Blobs => _silo.App.Services.GetRequiredService<IBlobStore>();

    /// <summary>Where grains keep their state.</summary>
    public IGrainStorage Storage => _silo.App.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public IServiceProvider Services => _silo.App.Services;

    /// <summary>Where its API is.</summary>
    public Uri Url => new(_silo.App.Urls.First());

    public static async Task<LocalSilo> Start(string folder, int slots = 1, Func<SiloOptions, SiloOptions>? with = null)
    {
        var options = new SiloOptions(Role.Both, null, "hone", Directory.CreateDirectory(folder).FullName, null, slots, "http://127.0.0.1:0", null, false, null);
        options = with?.Invoke(options) ?? options;
        return new LocalSilo(await RunningSilo.OnItsOwnStore(options, "secret", new FolderBlobStore(options.BlobFolder)));
    }

    /// <summary>Follows a study to its end; the lines of its journal in order.</summary>
    public async Task<(StudyStatus Status, List<string> Lines)> Follow(string study)
    {
        List<string> lines = [];
        StudyStatus? status = null;
        await foreach (StudyUpdate update in Grains.GetGrain<IStudyGrain>(study).Watch(0))
        {
            status = update.Status;
            foreach (TrialLine line in update.Trials.AsEnumerable()) lines.Add(line.Line);
        }
        return (status!, lines);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.App.StopAsync();
        await _silo.DisposeAsync();
    }
}
