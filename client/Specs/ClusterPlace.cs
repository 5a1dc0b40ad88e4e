namespace Hone.Client.Specs;

/// <summary>Where a command's cluster is.</summary>
/// <param name="DataDir">The data folder that a silo runs on, or is started on.</param>
/// <param name="Cluster">The text of --cluster; null: none was named.</param>
/// <param name="Server">The silo that is asked over HTTP; null: grains are asked.</param>
internal sealed record ClusterPlace(string DataDir, string? Cluster, ServerOption? Server)
{
    /// <summary>Whether the cluster is one that others run.</summary>
    public bool IsRemote => Cluster is not null || Server is not null;
}
