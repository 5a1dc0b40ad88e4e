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
    private const int MostRemarks = 12;
    private const double Noticed = 0.002, LeastSentinelMs = 1e-3;   // a better sentinel by less changes nothing
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

    /// <param name="sentinel">As <see cref="SentinelMs"/>.</param>
    /// <param name="apart">Runs work apart from the caller.</param>
    public CostBook(CostTable table, double? sentinel, TimeProvider clock, Action<Action> apart)
    {
        (_device, SentinelMs, _clock, _apart, Version) = (table.Device, sentinel, clock, apart, table.Version);
        _entries = table.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _networks = table.Networks.ToDictionary(n => n.Key, StringComparer.Ordinal);
        _prices = new TableDevice(table);
        _fitted = clock.GetElapsedTime(0);
    }

    private sealed record Evaluation(int Version, double? Error);

    private TimeSpan _fitted, _asked;
    private ValueList<string> _remarks;
    private int _remarked = -1;   // the version that these are of

    /// <summary>The sentinel's best time that any node told; null: none did. Figures of the table are at that speed.</summary>
    public double? SentinelMs { get; private set; }

    /// <summary>Grows with every figure.</summary>
    public int Version { get; private set; }

    public int Operations => _entries.Count;

    public int Networks => _networks.Count;

    /// <summary>What ran in another way than stated, each kind with how many figures it is true of, the most first.</summary>
    public ValueList<string> RemarksOfAll()
    {
        if (_remarked == Version) return _remarks;
        _remarked = Version;
        return _remarks = _entries.Values.Select(e => e.Reading).Concat(_networks.Values.Select(n => n.Reading)).OfType<Reading>()
            .SelectMany(r => r.Notes.Select(Remarks.Kind).Distinct()).GroupBy(kind => kind, StringComparer.Ordinal)
            .OrderByDescending(of => of.Count()).ThenBy(of => of.Key, StringComparer.Ordinal).Take(MostRemarks).Select(of => $"{of.Key} ({of.Count()} figures)").ToValueList();
    }

    public CostTable Table => new(_device, Version, _entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal).ToValueList(), _networks.Values.OrderBy(n => n.Key, StringComparer.Ordinal).ToValueList());

    /// <summary>A table of a device without measurements.</summary>
    public static CostBook Empty(string device, TimeProvider clock, Action<Action> apart) => new(CostTable.Empty(device), null, clock, apart);

    public static CostBook Parse(string text, double? sentinel, TimeProvider clock, Action<Action> apart) => new(JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options)!, sentinel, clock, apart);

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

    /// <summary>A node told its sentinel's best time. Where that is the best of all, what was measured against a worse one is scaled.</summary>
    public void Hear(double? sentinel)
    {
        if (sentinel is not { } ms || !(ms > LeastSentinelMs) || !(ms < (SentinelMs ?? double.PositiveInfinity) * (1 - Noticed))) return;
        if (SentinelMs is { } before)
        {
            foreach (CostEntry entry in _entries.Values.Where(e => e.Reading is not null).ToList()) _entries[entry.Key] = entry with { Reading = Scaled(entry.Reading!, ms / before) };
            foreach (NetworkEntry network in _networks.Values.ToList()) _networks[network.Key] = network with { Reading = Scaled(network.Reading, ms / before), SumOfOperations = network.SumOfOperations * ms / before };
            Version++;
        }
        SentinelMs = ms;
    }

    private static Reading Scaled(Reading reading, double factor) => reading with { Milliseconds = reading.Milliseconds * factor, Spread = reading.Spread * factor };

    /// <summary>Why a reading is not believed; null: it was taken.</summary>
    public string? Take(MeasureJob job, Reading reading)
    {
        if (Outliers.Impossible(job.Workload, reading) is { } impossible) return impossible;
        Hear(reading.SentinelMs);
        if (reading.SentinelMs is { } at && SentinelMs is { } best) reading = Scaled(reading, best / at) with { SentinelMs = null };
        reading = reading with { Taken = Second(_clock.GetUtcNow()), Notes = Remarks.Together(reading.Notes) };
        if (JobNames.IsNetwork(job.Id)) _networks[job.Id] = NetworkEntry.Of(job.Workload with { Key = job.Id }, reading, Sum(job.Workload));
        else
        {
            QuarantineAnswer answer = _quarantine.Take(job.Id, reading, Outliers.Suspicious(Prices().Fit, job.Workload, reading));
            if (answer.Held is { } held) return held;
            _entries[job.Id] = CostEntry.Of(job.Workload.Ops[0], job.Workload, reading);
        }
        Version++;
        return null;
    }

    private static DateTimeOffset Second(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    // Of a network's operations, most of which are predicted: no more than what the table says at the moment.
    private double? Sum(Workload network) => Prices(soon: true) is var prices && prices.Price(Schedule.Once(network)).Value("latency_ms") is { } ms ? ms / prices.Composition.Factor : null;

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
