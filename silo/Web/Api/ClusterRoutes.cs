using Hone.Contracts;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>A silo of the cluster.</summary>
internal sealed record SiloLine(string Name, string Role, string Status, string Version, string Address);

/// <summary>The queue's load.</summary>
internal sealed record QueueLine(int Waiting, int Leased);

/// <summary>Who is there, and what there is to do.</summary>
internal sealed record ClusterView(ValueList<SiloLine> Silos, ValueList<SlotStatus> Slots, QueueLine Queue);

/// <summary>A device that studies can name.</summary>
internal sealed record DeviceLine(string Name, string Kind, string Description, int Dsp, int Lut, int FlipFlops, int Bram18, double ClockMHz, string Sources);

/// <summary>Silos, slots, the queue, and the devices of the catalog.</summary>
internal static class ClusterRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/cluster", Cluster).Produces<ClusterView>().WithTags("cluster").WithSummary("Silos, compute slots and the queue.");
        api.MapGet("/devices", Devices).Produces<DeviceLine[]>().WithTags("cluster").WithSummary("The devices that studies can name.");
    }

    private static async Task<IResult> Cluster(IGrainFactory grains, ClusterMembers members)
    {
        Task<ValueList<SiloLine>> silos = members.All();
        QueueStatus queue = await grains.GetGrain<IJobQueueGrain>(Hone.Grains.Capability.Cpu).Status();
        return Answer.Json(new ClusterView(await silos, queue.Working, new QueueLine(queue.Waiting, queue.Leased)));
    }

    private static IResult Devices() => Answer.Json(BoardCatalog.All.Select(b =>
        new DeviceLine(b.Name, "fpga", $"{b.Part}, modelled", b.Dsp, b.Lut, b.FlipFlops, b.Bram18, b.ClockMHz, b.Sources)).ToArray());
}
