using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Bench;
using Hone.Silo.Blobs;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;

return await SiloOptions.Run(args, async (options, cancel) =>
{
    try
    {
        if (options.BlobStore.PutData is { } data) return await BlobStores.PutData(options, data, cancel);
        return options.Bench is { } part ? Benches.Run(part) : await Serve(options, cancel);
    }
    catch (HoneException e)
    {
        await Console.Error.WriteLineAsync($"hone-silo: {e.Message}");
        return e switch { BusyException => 3, SpecException => 2, _ => 1 };
    }
    catch (Exception e) when (e is not OperationCanceledException && Environment.GetEnvironmentVariable("HONE_VERBOSE") is null)
    {
        await Console.Error.WriteLineAsync($"hone-silo: {e.GetBaseException().Message.ReplaceLineEndings(" ")} (set HONE_VERBOSE=1 for the trace)");
        return 1;
    }
});

static async Task<int> Serve(SiloOptions options, CancellationToken cancel)
{
    using DataFolder folder = await DataFolder.Open(options.DataFolder, TimeProvider.System, cancel);
    DateTime now = DateTime.UtcNow;
    AtomicFile.Sweep(folder.Root, now);   // nobody else writes here
    if (options.Blobs is not null && options.Bucket is null) AtomicFile.Sweep(options.BlobFolder, now - TimeSpan.FromDays(1));   // other silos may
    IBlobStore blobs = BlobStores.Open(options, TimeProvider.System);
    await using (RunningSilo silo = await (options.Store is { } store
        ? RunningSilo.On(new ClusterAddress(store, "", options.ClusterId), options, blobs, cancel)
        : RunningSilo.OnItsOwnStore(options, folder.Password(), blobs, cancel)))
    {
        WebApplication app = silo.App;
        folder.WriteAddress(silo.Address);
        app.Services.GetService<Hone.Silo.Web.Security.RunToken>()?.WriteTo(folder.Root);
        Write(Path.Combine(folder.Root, ClusterAddress.UrlFile), app.Urls.First());
        int port = new Uri(app.Urls.First()).Port;
        if (options.Role != Role.Worker) SilosOfUser.Enter(port, folder.Root);
        Write(options.PidFile ?? Path.Combine(folder.Root, ClusterAddress.PidFile), $"{Environment.ProcessId}");
        app.Lifetime.ApplicationStopping.Register(folder.Close);
        await app.WaitForShutdownAsync(cancel);
        if (options.Role != Role.Worker) SilosOfUser.Leave(port);
    }
    if (options.PidFile is { } pid) File.Delete(pid);
    return 0;
}

static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(text)));
