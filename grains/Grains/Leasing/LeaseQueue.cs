using Hone.Model;

namespace Hone.Grains.Leasing;

/// <summary>Limits of leases: a heartbeat each second, three misses lose the lease, five lost leases give the job back to its owner.</summary>
public sealed record LeasePolicy(TimeSpan HeartbeatEvery, int Misses, int MostLost)
{
    public static readonly LeasePolicy Default = new(TimeSpan.FromSeconds(1), 3, 5);

    public TimeSpan Length => HeartbeatEvery * (Misses + 1);

    /// <summary>A slot that was silent so long is gone; one that lost its lease by silence may still be there.</summary>
    public TimeSpan SlotSilence => Length * 5;

    /// <summary>How long jobs may wait for a numerics class that no slot has; a machine of that class may be starting.</summary>
    public TimeSpan ClassPatience => Length * 10;
}

/// <summary>A leased item: its fencing token orders the attempts at it.</summary>
public sealed record Lease<T>(T Item, long Token, string Holder);

/// <summary>An item whose leases were lost too often, with the reasons in order.</summary>
public sealed record LostItem<T>(T Item, ValueList<string> Reasons);

/// <summary>
/// One lease table for compute slots and device nodes. Pure: it has no clock, no threads and no storage of its own. Enqueue, lease, heartbeat,
/// complete, release, preempt, sweep; a late answer of a fenced attempt is data while the item is open, and dropped afterwards. Of each owner the first that waits goes first;
/// among owners <see cref="FairShare"/> decides. Times are those that passed, not the wall clock's: a clock that is set costs no lease and keeps none.
/// </summary>
/// <param name="id">An item's stable name: enqueuing it twice is the same as once.</param>
/// <param name="stall">How long an item's step counter may stand still.</param>
/// <param name="claim">Whom an item is for: owners share the holders fairly.</param>
/// <param name="limit">Most leases at once of a tenant; 0: no limit.</param>
/// <param name="policy">Limits.</param>
/// <param name="clock">Injected time.</param>
/// <param name="epoch">Durable count of activations: tokens of this table are above those of every earlier one.</param>
public sealed class LeaseQueue<T>(
    Func<T, string> id, Func<T, TimeSpan> stall, Func<T, Claim> claim, Func<string, int> limit, LeasePolicy policy, TimeProvider clock, int epoch)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedList<Entry>> _lines = new(StringComparer.Ordinal);   // by owner, those waiting; never empty
    private readonly FairShare _share = new(limit, clock);
    private readonly TimeSpan _adoptUntil = clock.GetElapsedTime(0) + policy.Length * 2;
    private long _tokens = (long)epoch << 32;

    /// <summary>A lease ended without an answer, with the reason.</summary>
    public event Action<T, LeaseLoss, string>? Lost;

    public int Waiting => _lines.Values.Sum(l => l.Count);

    public int Leased => _entries.Count - Waiting;

    /// <summary>What is leased, and who holds it.</summary>
    public IEnumerable<Lease<T>> Leases => _entries.Values.Where(e => e.Holder is not null).Select(e => new Lease<T>(e.Item, e.Token, e.Holder!));

    /// <summary>What waits to be leased, of each owner in order.</summary>
    public IEnumerable<T> Items => _lines.Values.SelectMany(l => l).Select(e => e.Item);

    /// <summary>What is leased, in no order.</summary>
    public IEnumerable<T> LeasedItems => _entries.Values.Where(e => e.Holder is not null).Select(e => e.Item);

    /// <summary>Adds an item unless one of that name is open.</summary>
    public bool Enqueue(T item)
    {
        if (_entries.ContainsKey(id(item))) return false;
        Wait(Add(item), first: false);
        return true;
    }

    /// <summary>The first waiting item that the holder can take, or null.</summary>
    public Lease<T>? TryLease(string holder, Func<T, bool> canTake)
    {
        foreach (string owner in _share.InOrder(_lines.Keys))
        {
            if (!_share.Allows(owner)) continue;
            for (LinkedListNode<Entry>? node = _lines[owner].First; node is not null; node = node.Next)
                if (canTake(node.Value.Item)) return Give(node.Value, holder, ++_tokens);
        }
        return null;
    }

    /// <summary>
    /// Takes back a lease of lower priority than something that waits and that its holder can take: the lowest such. The item waits again, first of its owner's, and loses
    /// nothing that its holder still brings (<see cref="Renew"/>). Null: nothing stands above what is leased.
    /// </summary>
    /// <param name="canStop">Whether an item may be stopped where it is.</param>
    /// <param name="canTake">Whether a holder can take an item that waits.</param>
    public Lease<T>? Preempt(Func<T, bool> canStop, Func<string, T, bool> canTake)
    {
        List<Entry> above = [.. _lines.Where(l => _share.Allows(l.Key)).SelectMany(l => l.Value)];
        if (above.Count == 0) return null;
        Entry? lowest = _entries.Values.Where(e => e.Holder is { } holder && canStop(e.Item) && above.Exists(w => w.Claim.Priority > e.Claim.Priority && canTake(holder, w.Item)))
            .MinBy(e => e.Claim.Priority);
        if (lowest is null) return null;
        var lease = new Lease<T>(lowest.Item, lowest.Token, lowest.Holder!);
        Lose(lowest, "", LeaseLoss.Preempted);
        return lease;
    }

    /// <summary>How long the holder of an item has had it; zero while nobody has.</summary>
    public TimeSpan Held(T item) => _entries.TryGetValue(id(item), out Entry? entry) && entry.Holder is not null ? clock.GetElapsedTime(0) - entry.Since : TimeSpan.Zero;

    /// <summary>
    /// The holder says that it goes on, with its step counter. False: the attempt was fenced off or the item is gone.
    /// A young table whose predecessor died with its silo takes the work of living holders over from their heartbeats.
    /// </summary>
    public bool Heartbeat(T item, long token, string holder, long step)
    {
        if (!_entries.TryGetValue(id(item), out Entry? entry))
        {
            if (token >> 32 >= epoch || clock.GetElapsedTime(0) > _adoptUntil) return false;
            entry = Add(item);
        }
        if (entry.Holder is null && entry.Token == 0) Give(entry, holder, token);
        if (entry.Token != token || entry.Holder is null) return false;
        TimeSpan now = clock.GetElapsedTime(0);
        entry.Deadline = now + policy.Length;
        if (step > entry.Step) (entry.Step, entry.Moved) = (step, now);
        return true;
    }

    /// <summary>Whether this attempt is the one that the item is leased to.</summary>
    public bool Holds(T item, long token) => _entries.TryGetValue(id(item), out Entry? entry) && entry.Holder is not null && entry.Token == token;

    /// <summary>The item of that name has gone further: whoever leases it next gets it as it is now. Leases stay as they are.</summary>
    public void Renew(T item)
    {
        if (_entries.TryGetValue(id(item), out Entry? entry)) entry.Item = item;
    }

    /// <summary>An answer came. True when the item was open: it is closed now and the answer counts; false: drop the answer.</summary>
    public bool Complete(T item) => Remove(id(item));

    /// <summary>The holder gives the lease back; counted as lost unless it drains. The item when that was once too often.</summary>
    public LostItem<T>? Release(T item, long token, string reason, bool drain) =>
        Holds(item, token) ? Lose(_entries[id(item)], reason, drain ? LeaseLoss.Drained : LeaseLoss.Released) : null;

    /// <summary>Takes away what matches, open or leased.</summary>
    public void Cancel(Func<T, bool> matches)
    {
        foreach (string name in _entries.Where(e => matches(e.Value.Item)).Select(e => e.Key).ToList()) Remove(name);
    }

    /// <summary>Ends the leases that are overdue or stuck; gives back the items lost too often.</summary>
    public IReadOnlyList<LostItem<T>> Sweep()
    {
        TimeSpan now = clock.GetElapsedTime(0);
        List<LostItem<T>> lost = [];
        foreach (Entry entry in _entries.Values.Where(e => e.Holder is not null).ToList())
        {
            LostItem<T>? item = now > entry.Deadline ? Lose(entry, $"{entry.Holder} was silent for {policy.Length.TotalSeconds:0} s", LeaseLoss.Silent)
                : now > entry.Moved + stall(entry.Item) ? Lose(entry, $"{entry.Holder} made no step for {stall(entry.Item).TotalSeconds:0} s", LeaseLoss.Stalled)
                : null;
            if (item is not null) lost.Add(item);
        }
        return lost;
    }

    private Lease<T> Give(Entry entry, string holder, long token)
    {
        Unwait(entry);
        _share.Begins(entry.Claim.Owner);
        TimeSpan now = clock.GetElapsedTime(0);
        (entry.Holder, entry.Token, entry.Deadline, entry.Since, entry.Moved, entry.Step) = (holder, token, now + policy.Length, now, now, -1);
        _tokens = Math.Max(_tokens, token);
        return new Lease<T>(entry.Item, token, holder);
    }

    private LostItem<T>? Lose(Entry entry, string reason, LeaseLoss how)
    {
        _share.Ends(entry.Claim.Owner);
        entry.Holder = null;
        Lost?.Invoke(entry.Item, how, reason);
        if (how is not (LeaseLoss.Drained or LeaseLoss.Preempted)) entry.Reasons.Add(reason);
        if (entry.Reasons.Count >= policy.MostLost)
        {
            Remove(id(entry.Item));
            return new LostItem<T>(entry.Item, entry.Reasons.ToValueList());
        }
        Wait(entry, first: true);
        return null;
    }

    private bool Remove(string name)
    {
        if (!_entries.Remove(name, out Entry? entry)) return false;
        Unwait(entry);
        if (entry.Holder is not null) _share.Ends(entry.Claim.Owner);
        _share.Left(entry.Claim.Owner);
        return true;
    }

    private Entry Add(T item)
    {
        var entry = new Entry(item, claim(item));
        _entries.Add(id(item), entry);
        _share.Came(entry.Claim);
        return entry;
    }

    private void Wait(Entry entry, bool first)
    {
        if (!_lines.TryGetValue(entry.Claim.Owner, out LinkedList<Entry>? line)) _lines.Add(entry.Claim.Owner, line = []);
        entry.Place = first ? line.AddFirst(entry) : line.AddLast(entry);
    }

    private void Unwait(Entry entry)
    {
        if (entry.Place is not { List: { } line } place) return;
        line.Remove(place);
        entry.Place = null;
        if (line.Count == 0) _lines.Remove(entry.Claim.Owner);
    }

    private sealed class Entry(T item, Claim claim)
    {
        public T Item { get; set; } = item;
        public Claim Claim { get; } = claim;
        public List<string> Reasons { get; } = [];
        public LinkedListNode<Entry>? Place { get; set; }
        public string? Holder { get; set; }
        public long Token { get; set; }
        public TimeSpan Deadline { get; set; }
        public TimeSpan Since { get; set; }
        public TimeSpan Moved { get; set; }
        public long Step { get; set; }
    }
}
