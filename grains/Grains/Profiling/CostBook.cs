using System.Text.Json;
using Hone.Contracts;
using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>
/// A device's measurements under one calibration, as they grow, and the prices drawn from them. What prices are drawn from is made anew apart from the caller and seldom: the fit of a large
/// table takes a second, and the same version gives the same quotes.
/// </summary>
internal sealed class CostBook
{
    private static readonly TimeSpan FitAgain = TimeSpan.FromSeconds(3), FitSoon = TimeSpan.FromMilliseconds(300), EvaluateAgain = TimeSpan.FromSeconds(60);
    private readonly string _device;
    private readonly TimeProvider _clock;
    private readonly Action<Action> _apart;
    private readonly Dictionary<string, CostEntry> _entries;
    private readonly Dictionary<string, NetworkEntry> _networks;   // by the name of their job
    private readonly Dictionary<string, NodeFailure> _refusedNetworks = new(StringComparer.Ordinal);
    private readonly Quarantine _quarantine = new();
    private volatile TableDevice _prices;
    private volatile Evaluation? _evaluated;
    private int _fitting, _evaluating;   // 1 while one is under way

    /// <param name="apart">Runs work apart from the caller.</param>
    public CostBook(CostTable table, TimeProvider clock, Action<Action> apart)
    {
        (_device, _clock, _apart, Version) = (table.Device, clock, apart, table.Version);
        _entries = table.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _networks = table.Networks.ToDictionary(n => n.Key, StringComparer.Ordinal);
        _prices = new TableDevice(table);
        _fitted = clock.GetElapsedTime(0);
    }

    private sealed record Evaluation(int Version, double? Error);

    private TimeSpan _fitted, _asked;

    /// <summary>Grows with every figure.</summary>
    public int Version { get; private set; }

    public int Operations => _entries.Count;

    public int Networks => _networks.Count;

    public CostTable Table => new(_device, Version, _entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal).ToValueList(), _networks.Values.OrderBy(n => n.Key, StringComparer.Ordinal).ToValueList());

    /// <summary>A table of a device without measurements.</summary>
    public static CostBook Empty(string device, TimeProvider clock, Action<Action> apart) => new(CostTable.Empty(device), clock, apart);

    public static CostBook Parse(string text, TimeProvider clock, Action<Action> apart) => new(JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options)!, clock, apart);

    public string Text() => JsonSerializer.Serialize(Table, StudyJson.Options);

    /// <summary>Prices; <see cref="TableDevice.Unknown"/> tells what they lack.</summary>
    /// <param name="soon">Whether something waits for the latest figures.</param>
    public TableDevice Prices(bool soon = false)
    {
        TimeSpan now = _clock.GetElapsedTime(0);
        if (_prices.Table.Version != Version && now - _fitted >= (soon ? FitSoon : FitAgain) && Interlocked.Exchange(ref _fitting, 1) == 0)
        {
            CostTable table = Table;
            _fitted = now;
            _apart(() =>
            {
                try
                {
                    _prices = new TableDevice(table);
                }
                finally
                {
                    Volatile.Write(ref _fitting, 0);
                }
            });
        }
        return _prices;
    }

    /// <summary>Whether a job was answered: nothing is asked of nodes twice.</summary>
    public bool Knows(string job) => _entries.ContainsKey(job) || _networks.ContainsKey(job) || _refusedNetworks.ContainsKey(job);

    /// <summary>An operation's reading by its job's name.</summary>
    public Reading? Operation(string job) => _entries.GetValueOrDefault(job)?.Reading;

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
        if (_evaluated?.Version != Version && (_evaluated is null || now - _asked >= EvaluateAgain) && Interlocked.Exchange(ref _evaluating, 1) == 0)
        {
            CostTable table = Table;
            _asked = now;
            _apart(() =>
            {
                try
                {
                    _evaluated = new Evaluation(table.Version, CostEvaluation.Evaluate(table).MapePercent);
                }
                finally
                {
                    Volatile.Write(ref _evaluating, 0);
                }
            });
        }
        return _evaluated?.Error;
    }
}
