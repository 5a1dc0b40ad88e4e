using Hone.Contracts;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Devices;

namespace Hone.Silo.Web.Api;

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
        device.MapPost("/calibrate", Calibrate).Accepts<CalibrationRequest>("application/json").Produces<CalibrationProgress>()
            .WithSummary("Begins to measure a designed grid of operations and whole networks of a study's space.");
        device.MapGet("/calibration", Calibration).Produces<CalibrationProgress>().WithSummary("How far the calibration is, and at last what the device's table is worth.");
        device.MapPost("/detach", Detach).Produces<DetachAnswer>().WithSummary("Sends the device's nodes away; what they measured stays.");
        device.MapPost("/beat", Beat).Accepts<NodeBeat>("application/json").Produces<BeatAnswer>().WithSummary("A node says that it is still at its job, and hears whether to go on.");
        device.MapPost("/report", Report).Accepts<NodeReport>("application/json").Produces<ReportAnswer>().WithSummary("How a job ended on a node: one of reading, failure and released.");
    }

    private static async Task<IResult> Devices(IGrainFactory grains)
    {
        ValueList<string> attached = await grains.GetGrain<IDeviceIndexGrain>("all").All();
        DeviceStatus[] status = await Task.WhenAll(attached.Select(name => grains.GetGrain<IDeviceProfilerGrain>(name).Status()));
        return Answer.Json(BoardCatalog.All.Select(b => new DeviceLine(b.Name, "fpga", $"{b.Part}, modelled", b.Dsp, b.Lut, b.FlipFlops, b.Bram18, b.ClockMHz, b.Sources))
            .Concat(BackendCatalog.All.AsEnumerable().Select(m => new DeviceLine(QuantumDevice.Prefix + m.Name, "quantum",
                $"{m.Qubits} qubits, {string.Join(", ", m.Basis.AsEnumerable().Select(g => g.Name))}, modelled", Sources: $"calibration {m.Calibration}")).ToArray())
            .Concat(status.Select(DeviceLine.Of)).ToArray());
    }

    private static async Task<IResult> Lease(string name, HttpContext context, IGrainFactory grains, TimeProvider clock)
    {
        IDeviceProfilerGrain device = Door(name, grains);
        NodeInfo node = Checked(await RequestBody.Read<NodeInfo>(context));
        long began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < LongPoll && !context.RequestAborted.IsCancellationRequested)
        {
            LeaseAnswer answer = await device.Lease(node);
            if (answer.Refused is { } why) throw new HoneException(why);
            if (answer.Lease is not { } lease) continue;
            if (!context.RequestAborted.IsCancellationRequested) return Answer.Json(lease);
            await device.Report(new NodeReport(node.Name, lease.Job.Id, lease.Token, Released: NodeReport.Stopping));   // nobody is there to take it
        }
        return Results.NoContent();
    }

    private static async Task<IResult> Beat(string name, HttpContext context, IGrainFactory grains) =>
        Answer.Json(new BeatAnswer(await Door(name, grains).Beat(await RequestBody.Read<NodeBeat>(context))));

    private static async Task<IResult> Report(string name, HttpContext context, IGrainFactory grains) =>
        Answer.Json(await Door(name, grains).Report(await RequestBody.Read<NodeReport>(context)));

    private static async Task<IResult> Calibrate(string name, HttpContext context, IGrainFactory grains) =>
        Answer.Json(Checked(await Door(name, grains).Calibrate(await RequestBody.Read<CalibrationRequest>(context))));

    private static async Task<IResult> Calibration(string name, IGrainFactory grains) =>
        Answer.Json(Checked(await (await Known(name, grains)).Calibration() ?? throw new HoneException($"{name}: expected a calibration that was begun, none was; `hone device calibrate {name}` begins one")));

    private static async Task<IResult> Detach(string name, IGrainFactory grains) => Answer.Json(new DetachAnswer(await (await Known(name, grains)).Detach()));

    private static CalibrationProgress Checked(CalibrationProgress progress) => progress.Error is not { } error ? progress
        : throw (progress.ExitCode == 2 ? new SpecException(error) : new HoneException(error));

    // Asking about names costs the cluster nothing.
    private static async Task<IDeviceProfilerGrain> Known(string name, IGrainFactory grains) => (await grains.GetGrain<IDeviceIndexGrain>("all").All()).Contains(name) ? Door(name, grains)
        : throw new ApiException(StatusCodes.Status404NotFound, $"{name[..Math.Min(64, name.Length)]}: expected an attached device, no study has named it and no node was attached; `hone device list` shows those that are known");

    private static IDeviceProfilerGrain Door(string name, IGrainFactory grains)
    {
        if (!StudySpec.IsName(name)) throw new SpecException("device: expected a name of 1 to 64 letters, digits, '-', '_' or '.'");
        if (BoardCatalog.All.Any(b => b.Name == name)) throw new HoneException($"{name}: expected a name that no modelled device has; attach the node under another one");
        return grains.GetGrain<IDeviceProfilerGrain>(name);
    }

    private static NodeInfo Checked(NodeInfo node)
    {
        const int longest = 200;   // as much as a reading's calibration may have
        if (new[] { node.Name, node.Calibration }.Any(t => t.Length is 0 or > longest) || new[] { node.Processor, node.Instructions, node.Governor ?? "" }.Any(t => t.Length > longest))
            throw new SpecException($"body: expected a name and a calibration, and no text of more than {longest} characters");
        return node;
    }
}
