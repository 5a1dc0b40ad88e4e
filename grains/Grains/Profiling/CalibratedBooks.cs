using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Profiling;

/// <summary>A device's books, one for each kind of node that ever measured for it: figures of one are never mixed with another's, and none is lost when another kind takes its place.</summary>
internal sealed class CalibratedBooks
{
    private readonly string _device;
    private readonly TimeProvider _clock;
    private readonly Action<Action> _apart;
    private readonly Dictionary<string, CostBook> _books = new(StringComparer.Ordinal);

    /// <param name="texts">Stored tables by calibration.</param>
    /// <param name="sentinels">The best times of their sentinels, by calibration.</param>
    /// <param name="active">The calibration that prices are of; empty before any node came.</param>
    /// <param name="apart">Runs work apart from the caller.</param>
    public CalibratedBooks(string device, IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, double> sentinels, string active, DateTimeOffset? since, TimeProvider clock, Action<Action> apart)
    {
        (_device, _clock, _apart, Since) = (device, clock, apart, since);
        foreach (var (calibration, text) in texts) _books[calibration] = CostBook.Parse(text, sentinels.TryGetValue(calibration, out double best) ? best : null, clock, apart);
        Active = _books.GetValueOrDefault(active) ?? CostBook.Empty(device, clock, apart);
        Calibration = active;
    }

    public CostBook Active { get; private set; }

    public string Calibration { get; private set; }

    /// <summary>When the last figure came.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>A number that changes when something is to be stored.</summary>
    public long Changes => _books.Values.Sum(b => (long)b.Version);

    /// <summary>Nodes of this calibration measure from now on.</summary>
    public void Activate(string calibration)
    {
        if (calibration == Calibration && _books.ContainsKey(calibration)) return;
        if (Active.Version == 0) _books.Remove(Calibration);   // nothing was measured under it
        if (!_books.TryGetValue(calibration, out CostBook? book)) _books[calibration] = book = CostBook.Empty(_device, _clock, _apart);
        (Active, Calibration) = (book, calibration);
    }

    public Dictionary<string, string> Texts() => _books.Where(b => b.Value.Version > 0).ToDictionary(b => b.Key, b => b.Value.Text(), StringComparer.Ordinal);

    public Dictionary<string, double> Sentinels() => _books.Where(b => b.Value.SentinelMs is not null).ToDictionary(b => b.Key, b => b.Value.SentinelMs!.Value, StringComparer.Ordinal);

    public CalibrationStatus? Status() => Active.Status(Calibration, Since);
}
