namespace Hone.Cluster.Tests.Processes;

/// <summary>The tests that share the processes, one after the other and with nothing beside them: they measure times.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests : ICollectionFixture<ProcessCluster>
{
    public const string Name = "processes";
}
