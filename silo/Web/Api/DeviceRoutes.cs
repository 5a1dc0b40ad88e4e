using Hone.Contracts;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>A device that studies can name: a modelled board with its figures, or an attached one with its nodes, its queue and what its table is worth.</summary>
internal sealed record DeviceLine(
    string Name, string Kind, string Description, int? Dsp = null, int? Lut = null, int? FlipFlops = null, int? Bram18 = null, double? ClockMHz = null, string? Sources = null,
    ValueList<NodeLine>? Nodes = null, QueueLine? Queue = null, CalibrationLine? Calibration = null, int? Operations = null, int? Networks = null);

/// <summary>A node of an attached device.</summary>
/// <param name="Status">"busy" or "ready".</param>
/// <param name="Holds">What it measures.</param>
internal sealed record NodeLine(string Name, string Status, string? Holds, string Processor, string Instructions, int Cores, int Threads, string? Governor, double? Celsius);

/// <param name="Version">What the figures depend on, and the table's version.</param>
/// <param name="Error">Mean error of predictions of held-out operations, percent.</param>
/// <param name="Since">When the last figure came.</param>
internal sealed record CalibrationLine(string Version, double? Error, DateTimeOffset? Since);

/// <summary>Devices that studies can name, and the three requests by which nodes measure for them.</summary>
internal static class DeviceRoutes
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(15);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/devices", Devices).Produces<DeviceLine[]>().WithTags("devices").WithSummary("The devices that studies can name: boards that are modelled, and what is attached.");
        RouteGroupBuilder device = api.MapGroup("/devices/{name}").WithTags("devices");
        device.MapPost("/lease", Lease).Accepts<NodeInfo>("application/json").Produces<MeasureLease>().Produces(204)
            .WithSummary("The next measurement for a node of the device; waits up to 15 s for one, then 204.");
        device.MapPost("/beat", Beat).Accepts<NodeBeat>("application/json").Produces<BeatAnswer>().WithSummary("A node says that it is still at its job, and hears whether to go on.");
        device.MapPost("/report", Report).Accepts<NodeReport>("application/json").Produces<ReportAnswer>().WithSummary("How a job ended on a node: one of reading, failure and released.");
    }

    private static async Task<IResult> Devices(IGrainFactory grains)
    {
        ValueList<string> attached = await grains.GetGrain<IDeviceIndexGrain>("all").All();
        DeviceStatus[] status = await Task.WhenAll(attached.Select(name => grains.GetGrain<IDeviceProfilerGrain>(name).Status()));
        return Answer.Json(BoardCatalog.All.Select(b => new DeviceLine(b.Name, "fpga", $"{b.Part}, modelled", b.Dsp, b.Lut, b.FlipFlops, b.Bram18, b.ClockMHz, b.Sources))
            .Concat(status.Select(Attached)).ToArray());
    }

    private static DeviceLine Attached(DeviceStatus s) => new(s.Name, "attached", s.Nodes.Count > 0 ? $"{s.Nodes[0].Node.Processor}, measured" : "measured by nodes; none is here",
        Nodes: s.Nodes.Select(n => new NodeLine(n.Node.Name, n.Status, n.Holds, n.Node.Processor, n.Node.Instructions, n.Node.Cores, n.Node.Threads, n.Node.Governor, n.Node.Celsius)).ToValueList(),
        Queue: new QueueLine(s.Waiting, s.Leased), Calibration: s.Calibration is { } c ? new CalibrationLine(c.Version, c.Error, c.Since) : null, Operations: s.Operations, Networks: s.Networks);

    private static async Task<IResult> Lease(string name, HttpContext context, IGrainFactory grains, TimeProvider clock)
    {
        IDeviceProfilerGrain device = Door(name, grains);
        NodeInfo node = Checked(await RequestBody.Read<NodeInfo>(context));
        long began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < LongPoll && !context.RequestAborted.IsCancellationRequested)
            if (await device.Lease(node) is { } lease) return Answer.Json(lease);
        return Results.NoContent();
    }

    private static async Task<IResult> Beat(string name, HttpContext context, IGrainFactory grains) =>
        Answer.Json(new BeatAnswer(await Door(name, grains).Beat(await RequestBody.Read<NodeBeat>(context))));

    private static async Task<IResult> Report(string name, HttpContext context, IGrainFactory grains) =>
        Answer.Json(await Door(name, grains).Report(await RequestBody.Read<NodeReport>(context)));

    private static IDeviceProfilerGrain Door(string name, IGrainFactory grains)
    {
        if (!StudySpec.IsName(name)) throw new SpecException("device: expected a name of 1 to 64 letters, digits, '-', '_' or '.'");
        if (BoardCatalog.All.Any(b => b.Name == name)) throw new HoneException($"{name}: expected a name that no modelled device has; attach the node under another one");
        return grains.GetGrain<IDeviceProfilerGrain>(name);
    }

    private static NodeInfo Checked(NodeInfo node)
    {
        const int longest = 300;
        if (new[] { node.Name, node.Calibration }.Any(t => t.Length is 0 or > longest) || new[] { node.Processor, node.Instructions, node.Governor ?? "" }.Any(t => t.Length > longest))
            throw new SpecException($"body: expected a name and a calibration, and no text of more than {longest} characters");
        return node;
    }
}
