using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;
using Hone.Silo.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Benchmarks.Fuzz;

/// <summary>A whole silo in this process on loopback, on a folder that goes with it. It knows one study that is done, and has no compute slots: what fuzzing submits is never computed.</summary>
internal sealed class FuzzSilo : IAsyncDisposable
{
    private readonly string _folder;
    private readonly RunningSilo _silo;

    private FuzzSilo(string folder, RunningSilo silo) => (_folder, _silo) = (folder, silo);

    public Uri Url => new(_silo.App.Urls.First());

    /// <summary>The admin's.</summary>
    public string Token => _silo.App.Services.GetRequiredService<RunToken>().Token.Text;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <param name="name">The name of the study that is done.</param>
    /// <param name="spec">It, in canonical form; cheap to evaluate.</param>
    public static async Task<FuzzSilo> StartAsync(string name, string spec)
    {
        string folder = Directory.CreateTempSubdirectory("hone-fuzz-").FullName;
        FuzzSilo first = await StartAsync(folder, slots: 1);
        IStudyGrain study = first._silo.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IStudyGrain>(name);
        await study.Submit(spec);
        await foreach (StudyUpdate update in study.Watch(0))
            if (update.Status.Phase == StudyPhase.Failed) throw new InvalidOperationException(update.Status.Reason);
        await first.StopAsync();
        return await StartAsync(folder, slots: 0);
    }

    private static async Task<FuzzSilo> StartAsync(string folder, int slots)
    {
        var options = new SiloOptions(Role.Both, null, "hone", folder, null, slots, "http://127.0.0.1:0", null, false, null);
        return new FuzzSilo(folder, await RunningSilo.OnItsOwnStore(options, "secret", new FolderBlobStore(options.BlobFolder)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await _silo.App.StopAsync();
        await _silo.DisposeAsync();
    }
}
