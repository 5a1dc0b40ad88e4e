using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// Holds suspicious readings back until a second one of the same key agrees with one of them. One thread at a time. It cannot tell who measured: a caller that
/// fears one bad node asks another for the second opinion.
/// </summary>
public sealed class Quarantine
{
    private const double Agreement = 1.2;       // two readings agree within 20 %
    private const int MostOfOneKey = 4, Most = 4096;

    private readonly List<PendingReading> _pending = [];

    public Quarantine() { }

    /// <summary>Goes on with what an earlier one held.</summary>
    public Quarantine(ValueList<PendingReading> pending) => _pending.AddRange(pending);

    /// <summary>What is held, the oldest first.</summary>
    public ValueList<PendingReading> Pending => _pending.ToValueList();

    /// <summary>Takes a reading; whatever is accepted ends the case of its key.</summary>
    /// <param name="suspicion">As <see cref="Outliers.Suspicious"/> has it; null: none.</param>
    public QuarantineAnswer Take(string key, Reading reading, string? suspicion)
    {
        if (suspicion is null || _pending.Any(p => p.Key == key && p.Reading.Calibration == reading.Calibration && Agree(p.Reading, reading)))
        {
            _pending.RemoveAll(p => p.Key == key);
            return new QuarantineAnswer(reading, null);
        }
        if (_pending.Count(p => p.Key == key) >= MostOfOneKey) _pending.RemoveAt(_pending.FindIndex(p => p.Key == key));
        if (_pending.Count >= Most) _pending.RemoveAt(0);
        _pending.Add(new PendingReading(key, reading, suspicion));
        return new QuarantineAnswer(null, $"{suspicion}; held back until a second reading agrees within 20 %");
    }

    private static bool Agree(Reading a, Reading b) => a.Milliseconds <= b.Milliseconds * Agreement && b.Milliseconds <= a.Milliseconds * Agreement;
}
