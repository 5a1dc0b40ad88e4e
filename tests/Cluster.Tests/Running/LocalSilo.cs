using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Hone.Cluster.Tests.Running;

/// <summary>A whole silo with its own store in the test's process, on a data folder that outlives it.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private readonly EmbeddedStore _store;
    private readonly WebApplication _app;

    private LocalSilo(EmbeddedStore store, WebApplication app) => (_store, _app) = (store, app);

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public IBlobStore Blobs => _app.Services.GetRequiredService<IBlobStore>();

    /// <summary>Where grains keep their state.</summary>
    public IGrainStorage Storage => _app.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public IServiceProvider Services => _app.Services;

    /// <summary>Where its API is.</summary>
    public Uri Url => new(_app.Urls.First());

    public static async Task<LocalSilo> Start(string folder, int slots = 1, Func<SiloOptions, SiloOptions>? with = null)
    {
        Ports ports = Ports.Of(Directory.CreateDirectory(folder).FullName);
        var store = new EmbeddedStore(Path.Combine(folder, "store"), ports.Store, "secret");
        var options = new SiloOptions(Role.Both, null, "hone", folder, null, slots, "http://127.0.0.1:0", null, false, null);
        options = with?.Invoke(options) ?? options;
        WebApplication app = SiloHost.Build(options,
            new Silo.Hosting.Cluster(new ClusterAddress($"127.0.0.1:{ports.Store}", "secret", ports.ClusterId), ports.Silo, ports.Gateway), new FolderBlobStore(options.BlobFolder));
        await app.StartAsync();
        return new LocalSilo(store, app);
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
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store.Dispose();
    }
}
