using Hone.Contracts;
using Hone.Data;
using Hone.Grains;
using Hone.Silo.Blobs;
using Hone.Silo.Slots;
using Hone.Silo.Storage;
using Hone.Silo.Telemetry;
using Hone.Silo.Web;
using Hone.Silo.Web.Api;
using Hone.Studies;
using Orleans.Dashboard;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Storage;
using StackExchange.Redis;

namespace Hone.Silo.Hosting;

/// <summary>Where the cluster's store and this silo's ports are.</summary>
internal sealed record Cluster(ClusterAddress Address, int SiloPort, int GatewayPort)
{
    /// <summary>How StackExchange.Redis reaches the store.</summary>
    public ConfigurationOptions Redis
    {
        get
        {
            var redis = ConfigurationOptions.Parse(Address.Redis);
            if (Address.Password.Length > 0) redis.Password = Address.Password;
            redis.AbortOnConnectFail = false;
            return redis;
        }
    }
}

/// <summary>Builds the host: Orleans over the store, the slots, telemetry and health.</summary>
internal static class SiloHost
{
    public static WebApplication Build(SiloOptions options, Cluster cluster, IBlobStore blobs)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Polly", LogLevel.None).AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);   // a start that fails is told by who asked for it
        builder.WebHost.UseUrls(options.Urls);
        if (WebApi.IsServed(options)) WebApi.Add(builder, options);
        builder.Services.AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .AddBlobs(options, blobs)
            .AddSingleton(new BlobRoot(options.BlobPlace))
            .AddSingleton(new TenantLimits(options.TenantSlots))
            .AddSingleton(services => BlobStores.WorkPlace(services.GetRequiredService<IBlobStore>()))
            .AddSingleton<IHostLifetime, SiloLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = 0.8 * options.Network.Grace);   // the rest is for leaving the cluster
        builder.AddTelemetry(options, cluster);
        builder.UseOrleans(silo =>
        {
            Configure(silo, cluster, options);
            silo.UseSiloMetadata(ClusterMembers.Told(options)).AddDashboard();
        });
        builder.Services.AddHostedService<SlotService>();   // after Orleans: started later, stopped earlier
        if (options.Role != Role.Worker) builder.Services.AddHostedService<Watchdog>();
        WebApplication app = builder.Build();
        if (WebApi.IsServed(options)) WebApi.Map(app);
        return app;
    }

    private static void Configure(ISiloBuilder silo, Cluster cluster, SiloOptions options) => silo
        .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.Address.ClusterId, ClusterAddress.ServiceId))
        .UseNetwork(options, cluster)
        .UseRedisClustering(o => o.ConfigurationOptions = cluster.Redis)
        .AddRedisGrainStorageAsDefault(o => o.Configure<Serializer>((redis, serializer) =>
        {
            redis.ConfigurationOptions = cluster.Redis;
            redis.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }))
        .Configure<ClusterMembershipOptions>(o =>
        {
            // Measured: 2.5 s to recover from a killed silo instead of 10 to 13 s with the defaults.
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.NumMissedProbesLimit = 2;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
            o.NumMissedTableIAmAliveLimit = 3;
            o.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);   // of 5: who cannot join says so, and whatever started it starts another
        })
        .AddActivityPropagation()
        .Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LastMembers>().AddSerializer(serializer => serializer.AddHoneModel());
}
