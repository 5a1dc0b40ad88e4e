using Hone.Contracts;
using Hone.Devices.Tables;
using Hone.Grains.Leasing;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>
/// A device that nodes measure: what is asked of it, what its nodes hold, what they reported. Without threads or storage of its own; the clock is injected. Networks are measured before operations
/// that a price waits for; of operations that can be predicted meanwhile, those of fronts come first, the largest share of the time before others.
/// </summary>
internal sealed class Profiler
{
    private const int MostWaiting = 2_000;   // of operations that are predicted meanwhile
    private const int MostNodes = 1_000;
    private readonly string _device;
    private readonly LeaseQueue<MeasureJob> _queue;
    private readonly IdleSlots<NodeInfo, MeasureLease> _idle;
    private readonly NodeTable _nodes;
    private readonly GivenLeases _given;
    private readonly SecondOpinions _opinions;
    private readonly Dictionary<string, MeasureJob> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _urgency = new(StringComparer.Ordinal);   // of open jobs
    private readonly Dictionary<string, string> _stuck = new(StringComparer.Ordinal);  // why a job was given up, by its name
    private readonly HashSet<string> _dismissed = new(StringComparer.Ordinal);         // nodes, by name
    private readonly CalibratedBooks _books;

    public Profiler(string device, CalibratedBooks books, int epoch, LeasePolicy policy, TimeProvider clock)
    {
        (_device, _books) = (device, books);
        _queue = new LeaseQueue<MeasureJob>(job => job.Id, job => TimeSpan.FromSeconds(job.StallSeconds), job => Claim(_urgency.GetValueOrDefault(job.Id)), _ => 0, policy, clock, epoch);
        _idle = new IdleSlots<NodeInfo, MeasureLease>(policy.HeartbeatEvery * 0.8, clock);
        _nodes = new NodeTable(policy.SlotSilence, clock);
        _given = new GivenLeases(epoch);
        _opinions = new SecondOpinions(SecondOpinions.Patience, clock);
    }

    /// <summary>A lease ended without an answer, with the reason.</summary>
    public event Action<MeasureJob, LeaseLoss, string>? Lost
    {
        add => _queue.Lost += value;
        remove => _queue.Lost -= value;
    }

    public CalibratedBooks Books => _books;

    public DevicePrices Price(IReadOnlyList<Workload> workloads, string? trace)
    {
        CostBook book = _books.Active;
        TableDevice prices = book.Prices();
        Quote[] quotes = [.. workloads.Select(w => prices.Price(Schedule.Once(w)))];
        if (quotes.Any(IsUnmeasured) && book.Prices(soon: true) is var latest && latest != prices)
        {
            prices = latest;
            quotes = [.. workloads.Select(w => prices.Price(Schedule.Once(w)))];
        }
        string? stuck = null;
        for (int i = 0; i < quotes.Length; i++)
            foreach (Op op in prices.Unknown(workloads[i]))
            {
                MeasureJob job = JobNames.Operation(op, workloads[i], trace);
                if (IsUnmeasured(quotes[i])) stuck ??= Ask(job, Urgency.Needed);
                else if (_queue.Waiting < MostWaiting) Ask(job, Urgency.Predicted);
            }
        Serve();
        return new DevicePrices(quotes.Select(q => q with { Ops = [] }).ToValueList(), quotes.Any(IsUnmeasured) ? Waits() : null, stuck);
    }

    /// <summary>What of a front's networks is predicted is measured before what is predicted of others.</summary>
    public void Prefer(IReadOnlyList<Workload> front)
    {
        TableDevice prices = _books.Active.Prices();
        foreach (Workload workload in front)
            foreach (Op op in prices.Unknown(workload))
            {
                MeasureJob job = JobNames.Operation(op, workload, null);
                if (_urgency.TryGetValue(job.Id, out int urgency) && urgency == Urgency.Predicted && !_queue.LeasedItems.Any(l => l.Id == job.Id))
                {
                    _queue.Cancel(j => j.Id == job.Id);
                    Close(job.Id);
                }
                Ask(job, Urgency.Front);
            }
        Serve();
    }

    public NetworkAnswer Measure(Workload workload)
    {
        var job = new MeasureJob(JobNames.Of(workload), workload);
        if (_books.Active.Network(job.Id) is { } reading)
            return new NetworkAnswer(new Measurement("latency_ms", reading.Milliseconds, "ms", Origin.Measured, reading.Spread, _device, string.Join(", ", [reading.Calibration, .. reading.Marks]),
                reading.Taken, reading.Notes.Count > 0 ? reading.Notes : null));
        if (_books.Active.RefusedNetwork(job.Id) is { } refused) return new NetworkAnswer(Failure: refused);
        string? stuck = Ask(job, Urgency.Network);
        Serve();
        return new NetworkAnswer(Waits: Waits(), Stuck: stuck);
    }

    /// <summary>The next job, or one that comes within a moment.</summary>
    /// <exception cref="HoneException">The device is calibrated on another kind of node, one of which is here.</exception>
    public async Task<MeasureLease?> Lease(NodeInfo node)
    {
        if (_dismissed.Remove(node.Name)) throw new HoneException($"{_device}: {node.Name} was detached; start it again to attach it again");
        if (_nodes.Here.FirstOrDefault(n => n.Calibration != node.Calibration) is { } other)
            throw new HoneException($"{_device}: expected a node like {other.Name}, which is attached ({other.Calibration}), got one whose figures cannot stand beside its own ({node.Calibration}); attach it under another name");
        if (_nodes.Here.Count >= MostNodes && _nodes.Here.All(n => n.Name != node.Name)) throw new HoneException($"{_device}: expected at most {MostNodes} nodes, so many are attached");
        _nodes.Heard(node);
        _books.Activate(node.Calibration);
        _books.Active.Hear(node.SentinelMs);
        return Next(node) ?? await _idle.Wait(node);
    }

    public bool Beat(NodeBeat beat)
    {
        _nodes.Heard(beat.Node);
        return _open.TryGetValue(beat.Job, out MeasureJob? job) && _given.IsOf(beat.Token, beat.Job, beat.Node) && _queue.Heartbeat(job, beat.Token, beat.Node, beat.Step);
    }

    public ReportAnswer Report(NodeReport report)
    {
        _nodes.Heard(report.Node);
        if (!_given.IsOf(report.Token, report.Job, report.Node)) return new ReportAnswer(false, $"lease {report.Token} of this job was not given to {report.Node}");
        if (!_open.TryGetValue(report.Job, out MeasureJob? job)) return new ReportAnswer(false, "it was answered before, or nobody asks for it any more");
        switch (report)
        {
            case { Reading: { } reading, Failure: null, Released: null }:
                if (reading.Calibration != _books.Calibration) return Back(job, report.Token, $"expected a reading of the calibration '{_books.Calibration}', got one of '{Short(reading.Calibration)}'");
                if (_books.Active.Take(job, reading) is { } why)
                {
                    _opinions.Doubted(job.Id, report.Node);
                    return Back(job, report.Token, $"quarantined: {why}");
                }
                break;
            case { Reading: null, Failure: { Code: NodeFailure.Uncovered } failure, Released: null }:
                _books.Active.Refuse(job, failure with { Message = Short(failure.Message) });
                break;
            case { Reading: null, Failure: { } failure, Released: null }:
                return Back(job, report.Token, $"{Short(failure.Code)}: {Short(failure.Message)}");
            case { Reading: null, Failure: null, Released: { } reason }:
                Give(job, report.Token, Short(reason), reason == NodeReport.Stopping);
                return new ReportAnswer(true);
            default:
                return new ReportAnswer(false, "expected one of reading, failure and released");
        }
        _queue.Complete(job);
        Close(job.Id);
        return new ReportAnswer(true);
    }

    /// <summary>Sends the nodes away that are here; each hears it when it asks the next time.</summary>
    public int Detach()
    {
        IReadOnlyList<NodeInfo> here = _nodes.Here;
        foreach (NodeInfo node in here)
        {
            _nodes.Forget(node.Name);
            _dismissed.Add(node.Name);
        }
        return here.Count;
    }

    /// <summary>Whether a measurement was asked for and is not answered.</summary>
    public bool IsOpen(string job) => _open.ContainsKey(job);

    /// <summary>Ends leases that are overdue, and serves who waits.</summary>
    public void Sweep()
    {
        foreach (LostItem<MeasureJob> lost in _queue.Sweep()) GiveUp(lost);
        Serve();
    }

    public DeviceStatus Status() => new(_device, _nodes.Status(_queue.Leases.Select(l => (l.Holder, l.Item.Id))), _queue.Waiting, _queue.Leased, _books.Active.Operations, _books.Active.Networks, _books.Status(), _books.Active.RemarksOfAll());

    /// <summary>Whether a quote will have totals once operations are measured.</summary>
    public static bool IsUnmeasured(Quote quote) => quote.Why is [{ Constraint: TableDevice.Unmeasured }, ..];

    private static string Short(string text) => text.Length > 200 ? text[..197] + "..." : text;

    // A line for each urgency: the more urgent is served first.
    private static Claim Claim(int urgency) => new($"urgency {urgency}", Priority: urgency);

    /// <summary>Asks the nodes for a measurement that is not known.</summary>
    /// <param name="again">Whether it is asked for although it is known.</param>
    /// <returns>Why it was given up before, told once: asking again tries again. Null: it was not.</returns>
    public string? Ask(MeasureJob job, int urgency, bool again = false)
    {
        if (_stuck.Remove(job.Id, out string? why)) return $"{job.Id} on {_device}: {why}";
        if ((_books.Active.Knows(job.Id) && !again) || !_open.TryAdd(job.Id, job)) return null;
        _urgency[job.Id] = urgency;
        _queue.Enqueue(job);
        return null;
    }

    /// <summary>What measurements wait for.</summary>
    public string Waits() => (_nodes.Here.Count, _open.Count) switch
    {
        (0, var open) => $"{_device}: {open} measurements wait for a node; `hone device attach --server URL --name {_device}` attaches one",
        (var nodes, var open) => $"{_device}: {open} measurements to go on {nodes} node{(nodes == 1 ? "" : "s")}",
    };

    private MeasureLease? Next(NodeInfo node)
    {
        if (_queue.TryLease(node.Name, job => _opinions.Allows(job.Id, node.Name, () => _nodes.Here.Select(n => n.Name))) is not { } lease) return null;
        _given.Add(lease.Token, lease.Item.Id, node.Name);
        return new MeasureLease(lease.Item, lease.Token, SentinelMs: _books.Active.SentinelMs);
    }

    private void Serve() => _idle.Serve(Next);

    private ReportAnswer Back(MeasureJob job, long token, string why)
    {
        Give(job, token, why, drain: false);
        return new ReportAnswer(false, why);
    }

    private void Give(MeasureJob job, long token, string why, bool drain)
    {
        if (_queue.Release(job, token, why, drain) is { } lost) GiveUp(lost);
        Serve();
    }

    private void GiveUp(LostItem<MeasureJob> lost)
    {
        Close(lost.Item.Id);
        _stuck[lost.Item.Id] = $"lost {lost.Reasons.Count} times, at last because: {lost.Reasons[^1]}";
    }

    private void Close(string job)
    {
        _open.Remove(job);
        _urgency.Remove(job);
        _opinions.Over(job);
    }

    /// <summary>What is measured first: the larger.</summary>
    internal static class Urgency
    {
        public const int Predicted = 0, Front = 1, Needed = 2, Network = 3;
    }
}
