using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Contracts.Tls;
using Hone.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;

namespace Hone.Client.Cluster;

/// <summary>An Orleans client connected to a cluster.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    /// <summary>One try: a call to a silo that has just died would be waited for longer than it takes to find another.</summary>
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(15);

    private readonly IHost _host;
    private readonly GatewayLoss _loss;

    private ClusterConnection(IHost host) =>
        (_host, Grains, _loss) = (host, (IClusterClient)host.Services.GetService(typeof(IClusterClient))!, (GatewayLoss)host.Services.GetService(typeof(GatewayLoss))!);

    public IGrainFactory Grains { get; }

    /// <summary>Is cancelled when a silo that this client talks to breaks off; what was asked through it may never be answered. There is a new one after each loss.</summary>
    public CancellationToken Lost => _loss.Next;

    /// <summary>Connects, trying again while the cluster starts.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="patience">How long to try.</param>
    /// <exception cref="HoneException">No silo answered in time.</exception>
    public static async Task<ClusterConnection> OpenAsync(ClusterOption cluster, TimeSpan patience, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(patience);
        Exception? last = null;
        ClusterTls? tls = cluster.Tls is { } files ? new ClusterTls(new ClusterCertificates(files), ClusterTls.DefaultPatience) : null;
        while (!deadline.IsCancellationRequested)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            attempt.CancelAfter(Attempt);
            IHost host = Build(cluster, tls);
            try
            {
                await host.StartAsync(attempt.Token).WaitAsync(attempt.Token);
                var connection = new ClusterConnection(host);
                await connection.Grains.GetGrain<IStudyIndexGrain>("all").All().WaitAsync(attempt.Token);
                return connection;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                if (e is not OperationCanceledException || last is null) last = e;
                await Close(host);
                await Task.Delay(500, CancellationToken.None);
            }
        }
        cancel.ThrowIfCancellationRequested();
        throw new HoneException($"expected a silo at {string.Join(",", cluster.Redis.EndPoints)} (cluster '{cluster.ClusterId}'), none answered within {patience.TotalSeconds:0} s"
            + $" ({OneLine(last)}); check the address and that a silo runs", last);
    }

    public async ValueTask DisposeAsync() => await Close(_host);

    private static IHost Build(ClusterOption cluster, ClusterTls? tls) => new HostBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseOrleansClient(client => client
            .AddActivityPropagation()
            .UseRedisClustering(options => options.ConfigurationOptions = cluster.Redis)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, ClusterAddress.ServiceId))
            .Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connections => tls?.Connect(connections)))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(500))
            .AddGatewayCountChangedHandler(services => services.GetRequiredService<GatewayLoss>().Changed)
            .Services.AddSingleton<GatewayLoss>().AddSerializer(serializer => serializer.AddHoneModel()))
        .Build();

    // A client whose cluster is gone can take long to say good-bye; nobody waits for that.
    private static async Task Close(IHost host)
    {
        using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await host.StopAsync(brief.Token).WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None);
            host.Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or InvalidOperationException or OrleansException or ObjectDisposedException)
        {
            // The connection is given up in any case.
        }
    }

    private static string OneLine(Exception? e) => e is null ? "no answer" : e.GetBaseException().Message.ReplaceLineEndings(" ") is var text && text.Length > 160 ? text[..160] + "..." : text;
}
