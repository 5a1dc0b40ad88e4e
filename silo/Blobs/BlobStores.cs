using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Silo.Hosting;
using Hone.Studies;

namespace Hone.Silo.Blobs;

/// <summary>Makes the blob store that the command line asks for, and what goes with it in a silo.</summary>
internal static class BlobStores
{
    /// <summary>The store itself: a folder, or a bucket read through DATA/blob-cache.</summary>
    /// <exception cref="Model.SpecException">No such place can be.</exception>
    public static IBlobStore Open(SiloOptions options, TimeProvider clock) => options.Bucket is { } bucket
        ? new S3BlobStore(Client(bucket), bucket, new BlobCache(Path.Combine(options.DataFolder, "blob-cache"), options.BlobStore.Cache, clock), clock)
        : new FolderBlobStore(options.BlobFolder, clock);

    /// <summary>The store as grains and slots see it; silos with folders of their own ask one another, and a control silo collects.</summary>
    public static IServiceCollection AddBlobs(this IServiceCollection services, SiloOptions options, IBlobStore blobs)
    {
        var folder = blobs as FolderBlobStore;
        services.AddSingleton(services => new OwnBlobs(blobs, folder, options.BlobPlace, options.BlobStore.Quota))
            .AddSingleton<BlobKeeper>()
            .AddSingleton<BlobServices>()
            .AddSingleton(services => Seen(blobs, folder, options, services))
            .AddGrainService<BlobService>();
        if (options.Role != Role.Worker) services.AddHostedService<BlobCollector>();
        return services;
    }

    /// <summary>What slots work with: the store, and data sets from this machine, the store or upstream.</summary>
    public static WorkPlace WorkPlace(IBlobStore blobs) => new(blobs, new DataLocator(Surroundings.OfThisMachine(), blobs: blobs), TimeProvider.System);

    /// <summary>Puts a data set's files into the store and ends.</summary>
    /// <exception cref="Model.HoneException">It cannot be found, fetched or put.</exception>
    public static async Task<int> PutData(SiloOptions options, string name, CancellationToken cancel)
    {
        await new DataLocator(Surroundings.OfThisMachine()).PutAsync(name, Open(options, TimeProvider.System), null, cancel);
        return 0;
    }

    private static IBlobStore Seen(IBlobStore blobs, FolderBlobStore? folder, SiloOptions options, IServiceProvider services)
    {
        if (folder is not null && options.Redis is not null) blobs = new FetchingBlobStore(folder, new SiloPeers(services));
        return options.BlobStore.Quota is { } quota ? new QuotaBlobStore(blobs, quota, services.GetRequiredService<TimeProvider>()) : blobs;
    }

    internal static AmazonS3Client Client(S3Address at)
    {
        // A store of one's own has no host name for each bucket, and need not know the newer checksums.
        var config = new AmazonS3Config
        {
            ForcePathStyle = at.Endpoint is not null,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (at.Endpoint is not null) (config.ServiceURL, config.AuthenticationRegion) = (at.Endpoint.ToString(), Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1");
        return new AmazonS3Client(config);
    }
}
