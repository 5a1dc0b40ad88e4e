namespace Hone.Cluster.Tests.Telemetry;

/// <summary>The classes that share one traced cluster.</summary>
[CollectionDefinition]
public sealed class TracedClusterCollection : ICollectionFixture<TracedCluster>;
