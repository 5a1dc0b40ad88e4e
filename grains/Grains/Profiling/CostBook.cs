using System.Text.Json;
using Hone.Contracts;
using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>
/// A device's measurements under one calibration, as they grow, and the prices drawn from them. What prices are drawn from is made anew at most every few seconds: a fit takes a while, and the
/// same version gives the same quotes.
/// </summary>
internal sealed class CostBook
{
    private static readonly TimeSpan FitAgain = TimeSpan.FromSeconds(3), EvaluateAgain = TimeSpan.FromSeconds(30);
    private readonly string _device;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, CostEntry> _entries;
    private readonly Dictionary<string, NetworkEntry> _networks;   // by the name of their job
    private readonly Dictionary<string, NodeFailure> _refusedNetworks = new(StringComparer.Ordinal);
    private readonly Quarantine _quarantine = new();
    private TableDevice _prices;
    private TimeSpan _made;
    private (int Version, TimeSpan At, double? Error)? _evaluated;

    public CostBook(CostTable table, TimeProvider clock)
    {
        (_device, _clock, Version) = (table.Device, clock, table.Version);
        _entries = table.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _networks = table.Networks.ToDictionary(n => n.Key, StringComparer.Ordinal);
        (_prices, _made) = (new TableDevice(table), clock.GetElapsedTime(0));
    }

    /// <summary>Grows with every figure.</summary>
    public int Version { get; private set; }

    public int Operations => _entries.Count;

    public int Networks => _networks.Count;

    public CostTable Table => new(_device, Version, _entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal).ToValueList(), _networks.Values.OrderBy(n => n.Key, StringComparer.Ordinal).ToValueList());

    /// <summary>A table of a device without measurements.</summary>
    public static CostBook Empty(string device, TimeProvider clock) => new(CostTable.Empty(device), clock);

    public static CostBook Parse(string text, TimeProvider clock) => new(JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options)!, clock);

    public string Text() => JsonSerializer.Serialize(Table, StudyJson.Options);

    /// <summary>Prices; <see cref="TableDevice.Unknown"/> tells what they lack.</summary>
    /// <param name="now">Whether something waits for the latest figures.</param>
    public TableDevice Prices(bool now = false)
    {
        if (_prices.Table.Version != Version && (now || _clock.GetElapsedTime(0) - _made >= FitAgain))
        {
            _prices = new TableDevice(Table);
            _made = _clock.GetElapsedTime(0);
        }
        return _prices;
    }

    /// <summary>Whether a job was answered: nothing is asked of nodes twice.</summary>
    public bool Knows(string job) => _entries.ContainsKey(job) || _networks.ContainsKey(job) || _refusedNetworks.ContainsKey(job);

    /// <summary>A network's reading by its job's name.</summary>
    public Reading? Network(string job) => _networks.GetValueOrDefault(job)?.Reading;

    /// <summary>Why no node can run a network.</summary>
    public NodeFailure? RefusedNetwork(string job) => _refusedNetworks.GetValueOrDefault(job);

    /// <summary>Why a reading is not believed; null: it was taken.</summary>
    public string? Take(MeasureJob job, Reading reading)
    {
        if (Outliers.Impossible(job.Workload, reading) is { } impossible) return impossible;
        if (JobNames.IsNetwork(job.Id)) _networks[job.Id] = NetworkEntry.Of(job.Workload with { Key = job.Id }, reading);
        else
        {
            QuarantineAnswer answer = _quarantine.Take(job.Id, reading, Outliers.Suspicious(Prices().Fit, job.Workload, reading));
            if (answer.Held is { } held) return held;
            _entries[job.Id] = CostEntry.Of(job.Workload.Ops[0], job.Workload, reading);
        }
        Version++;
        return null;
    }

    /// <summary>No node of the device can run it.</summary>
    public void Refuse(MeasureJob job, NodeFailure failure)
    {
        if (JobNames.IsNetwork(job.Id)) _refusedNetworks[job.Id] = failure;
        else _entries[job.Id] = CostEntry.Of(job.Workload.Ops[0], job.Workload, failure);
        Version++;
    }

    /// <summary>What the figures are worth; null before there are any.</summary>
    public CalibrationStatus? Status(string calibration, DateTimeOffset? since) => Version == 0 ? null : new CalibrationStatus($"{calibration}, table {Version}", Error(), since);

    // Held-out errors take many fits: seldom.
    private double? Error()
    {
        TimeSpan now = _clock.GetElapsedTime(0);
        if (_evaluated is not { } last || (last.Version != Version && now - last.At >= EvaluateAgain)) _evaluated = last = (Version, now, CostEvaluation.Evaluate(Table).MapePercent);
        return last.Error;
    }
}
