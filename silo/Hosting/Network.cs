using Hone.Contracts.Tls;
using Hone.Grains.Placement;
using Hone.Silo.Storage;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.Runtime.Hosting;

namespace Hone.Silo.Hosting;

/// <summary>Puts a silo on the network: its name, its endpoints, TLS on all of them, the rule that workers host no grain, and the directory of those that live.</summary>
internal static class Network
{
    public static ISiloBuilder UseNetwork(this ISiloBuilder silo, SiloOptions options, Cluster cluster)
    {
        silo.Configure<Orleans.Configuration.SiloOptions>(o => o.SiloName = SiloName.Of(options.Role == Role.Worker, $"{Environment.MachineName}/{Environment.ProcessId}/{cluster.SiloPort}"));
        silo.ConfigureEndpoints(options.Network.Advertised, cluster.SiloPort, options.Role == Role.Worker ? 0 : cluster.GatewayPort);   // a worker that dies takes no client's calls with it
        silo.Services.AddControlOnly();
        silo.AddGrainDirectory(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY, (_, _) => new StoreDirectory(cluster.Redis, cluster.Address.ClusterId));
        if (options.Network.Tls is not { } files) return silo;
        var tls = new ClusterTls(new ClusterCertificates(files), ClusterTls.DefaultPatience);
        return silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(tls.Accept);
            o.ConfigureSiloOutboundConnection(tls.Connect);
            o.ConfigureGatewayInboundConnection(tls.Accept);
        });
    }
}
