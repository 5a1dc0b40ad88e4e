using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>A silo of the cluster.</summary>
internal sealed record SiloLine(string Name, string Role, string Status, string Version, string Address);

/// <summary>The queue's load.</summary>
internal sealed record QueueLine(int Waiting, int Leased);

/// <summary>Who is there, and what there is to do.</summary>
internal sealed record ClusterView(ValueList<SiloLine> Silos, ValueList<SlotStatus> Slots, QueueLine Queue);

/// <summary>Silos, slots and the queue.</summary>
internal static class ClusterRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/cluster", Cluster).Produces<ClusterView>().WithTags("cluster").WithSummary("Silos, compute slots and the queue.");
    }

    private static async Task<IResult> Cluster(IGrainFactory grains, ClusterMembers members)
    {
        Task<ValueList<SiloLine>> silos = members.All();
        QueueStatus queue = await grains.GetGrain<IJobQueueGrain>(Hone.Grains.Capability.Cpu).Status();
        return Answer.Json(new ClusterView(await silos, queue.Working, new QueueLine(queue.Waiting, queue.Leased)));
    }
}
