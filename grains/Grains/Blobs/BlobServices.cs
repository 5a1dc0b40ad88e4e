using Orleans.Runtime.Services;

namespace Hone.Grains.Blobs;

/// <summary>The blob services of the cluster, by silo.</summary>
public sealed class BlobServices(IServiceProvider services, ISiloStatusOracle silos) : GrainServiceClient<IBlobService>(services)
{
    /// <summary>The silos that live now, in a fixed order.</summary>
    public IReadOnlyList<SiloAddress> Silos => [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order()];

    public SiloAddress Here => silos.SiloAddress;

    public IBlobService On(SiloAddress silo) => GetGrainService(silo);
}
