using Hone.Cluster.Tests.Processes;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Contracts.Tls;
using Hone.Data;
using Hone.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Tls;

/// <summary>Silos that speak TLS: a control silo, a worker of the same authority, and one of another.</summary>
public sealed class SecuredClusterTests
{
    private static Task<RunningSilo> Start(string folder, TestStore store, Role role, TlsFiles? tls)
    {
        var options = new SiloOptions(role, null, "hone", folder, Path.Combine(folder, "blobs"), 1, "http://127.0.0.1:0", null, false, null) { Network = NetworkOptions.Loopback with { Tls = tls } };
        return RunningSilo.On(store.Of("secured"), options, new FolderBlobStore(options.BlobFolder));
    }

    private static T Service<T>(RunningSilo silo) where T : notnull => silo.App.Services.GetRequiredService<T>();

    [Fact]
    public async Task SilosOfOneAuthorityRunAStudyAndOthersDoNotJoin()
    {
        using var scratch = new Scratch();
        using TestAuthority ours = new(scratch.Folder, "ours"), theirs = new(scratch.Folder, "theirs");
        using TestStore store = await TestStore.Start(scratch.Folder);
        await using RunningSilo control = await Start(scratch.Folder, store, Role.Control, ours.Good());
        await using RunningSilo worker = await Start(scratch.Folder, store, Role.Worker, ours.Good());
        var study = Service<IGrainFactory>(worker).GetGrain<IStudyGrain>("zdt");   // a call from silo to silo
        Assert.Null((await study.Submit(StudyRunTests.Spec(trials: 20))).Error);
        List<string> lines = [];
        await foreach (StudyUpdate update in study.Watch(0))
            foreach (TrialLine line in update.Trials.AsEnumerable()) lines.Add(line.Line);
        Assert.Equal(StudyRunTests.WithoutACluster(StudyRunTests.Spec(trials: 20), scratch.Folder), lines);

        TlsFiles files = theirs.Good();
        foreach (string[] foreign in new string[][] { ["--cluster-cert", files.Certificate, "--cluster-key", files.Key, "--cluster-ca", files.Authority], [] })
        {
            await using SiloRun other = SiloRun.Start(Path.Combine(scratch.Folder, $"other-{foreign.Length}"), "password=secret", ["--role", "worker", "--redis", store.HostAndPort, "--cluster-id", "secured", .. foreign]);
            await other.Says("Connection attempt to endpoint");
            if (foreign.Length > 0) await other.Says("TLS: expected a certificate that CN=theirs");
            Assert.Equal(2, Service<IClusterMembershipService>(control).CurrentSnapshot.Members.Values.Count(m => m.Status == SiloStatus.Active));
        }
        await worker.App.StopAsync();
        await control.App.StopAsync();
    }
}
