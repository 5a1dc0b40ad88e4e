using System.Text;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Leasing;
using Hone.Grains.Placement;
using Hone.Grains.Profiling;
using Hone.Grains.Telemetry;
using Hone.Model;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>What of an attached device is durable: how often its grain was activated, and its tables.</summary>
[GenerateSerializer]
[Alias("hone.device-state")]
public sealed record DeviceState
{
    [Id(0)]
    public int Epoch { get; set; }

    /// <summary>Cost tables as JSON, by calibration.</summary>
    [Id(1)]
    public Dictionary<string, string> Tables { get; set; } = [];

    /// <summary>The calibration that prices are of.</summary>
    [Id(2)]
    public string Calibration { get; set; } = "";

    /// <summary>When the last figure came.</summary>
    [Id(3)]
    public DateTimeOffset? Since { get; set; }

    /// <summary>The best times of sentinels, by calibration.</summary>
    [Id(4)]
    public Dictionary<string, double> Sentinels { get; set; } = [];
}

/// <summary>A device that nodes measure. Its table is written at most once a second; what a silo's death takes with it is measured again.</summary>
[ControlOnly]
[KeepAlive]
[Reentrant]
public sealed class DeviceProfilerGrain([PersistentState("device")] IPersistentState<DeviceState> state, IBlobStore blobs, TimeProvider clock, ILogger<DeviceProfilerGrain> log) : Grain, IDeviceProfilerGrain
{
    private static readonly TimeSpan SweepEvery = LeasePolicy.Default.HeartbeatEvery / 4, WriteEvery = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1);   // one write of the state at a time
    private readonly DeviceTelemetry _telemetry = new(clock, log);
    private Profiler _profiler = null!;
    private Calibrating? _calibration;
    private (long Version, BlobId Blob)? _table;
    private long _written, _lastWrite;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await state.Write(state.State with { Epoch = state.State.Epoch + 1 });
        _profiler = new Profiler(Name, new CalibratedBooks(Name, state.State.Tables, state.State.Sentinels, state.State.Calibration, state.State.Since, clock, work => Task.Run(work)), state.State.Epoch, LeasePolicy.Default, clock);
        _profiler.Lost += (job, why, reason) => _telemetry.Lost(Name, job, why, reason);
        _written = _profiler.Books.Changes;
        await GrainFactory.GetGrain<IDeviceIndexGrain>("all").Add(Name);
        this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(SweepEvery, SweepEvery) { Interleave = true });
    }

    public Task<DevicePrices> Price([Immutable] ValueList<Workload> workloads, string? trace)
    {
        long began = clock.GetTimestamp();
        DevicePrices prices = _profiler.Price(workloads, trace);
        _telemetry.Priced(workloads.Count, began);
        return Task.FromResult(prices);
    }

    public Task Prefer([Immutable] ValueList<Workload> front)
    {
        _profiler.Prefer(front);
        return Task.CompletedTask;
    }

    public Task<NetworkAnswer> Measure([Immutable] Workload workload) => Task.FromResult(_profiler.Measure(workload));

    public async Task<BlobId> Table()
    {
        CostBook book = _profiler.Books.Active;
        if (_table is var (version, known) && version == book.Version && blobs.Has(known)) return known;
        (int now, string text) = (book.Version, book.Text());
        BlobId blob = await Task.Run(() => blobs.Put(Encoding.UTF8.GetBytes(text)));
        _table = (now, blob);
        return blob;
    }

    public async Task<LeaseAnswer> Lease(NodeInfo node)
    {
        try
        {
            MeasureLease? lease = await _profiler.Lease(node);
            if (lease is not null) _telemetry.Leased(lease.Job, node.Name);
            return new LeaseAnswer(lease);
        }
        catch (HoneException e)
        {
            return new LeaseAnswer(null, e.Message);
        }
    }

    public Task<bool> Beat(NodeBeat beat) => Task.FromResult(_profiler.Beat(beat));

    public Task<ReportAnswer> Report(NodeReport report)
    {
        ReportAnswer answer = _profiler.Report(report);
        if (answer.Counts && report.Reading is not null) _profiler.Books.Since = clock.GetUtcNow();
        _telemetry.Reported(Name, report, answer);
        return Task.FromResult(answer);
    }

    public async Task<CalibrationProgress> Calibrate(CalibrationRequest request)
    {
        try
        {
            _calibration = await Task.Run(() => Calibrating.Of(request));
            return _calibration.Step(_profiler);
        }
        catch (HoneException e)
        {
            return CalibrationProgress.Refused(e);
        }
    }

    public Task<CalibrationProgress?> Calibration()
    {
        try
        {
            return Task.FromResult(_calibration?.Step(_profiler));
        }
        catch (HoneException e)
        {
            return Task.FromResult<CalibrationProgress?>(CalibrationProgress.Refused(e));
        }
    }

    public Task<int> Detach() => Task.FromResult(_profiler.Detach());

    public Task<DeviceStatus> Status() => Task.FromResult(_profiler.Status());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _telemetry.Gone();
        await Write();
    }

    private string Name => this.GetPrimaryKeyString();

    private async Task Sweep(CancellationToken cancel)
    {
        _profiler.Sweep();
        _telemetry.Tell(_profiler.Status());
        if (clock.GetElapsedTime(_lastWrite) >= WriteEvery) await Write();
    }

    private async Task Write()
    {
        await _turn.WaitAsync();
        try
        {
            CalibratedBooks books = _profiler.Books;
            long changes = books.Changes;
            if (changes == _written && books.Calibration == state.State.Calibration) return;
            await state.Write(state.State with { Tables = books.Texts(), Sentinels = books.Sentinels(), Calibration = books.Calibration, Since = books.Since });
            _written = changes;
        }
        finally
        {
            _lastWrite = clock.GetTimestamp();
            _turn.Release();
        }
    }
}
