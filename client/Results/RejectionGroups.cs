using System.Text.RegularExpressions;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>Rejected candidates that one limit and one thing in the way have in common.</summary>
/// <param name="Constraint">The limit that was broken.</param>
/// <param name="InTheWay">A cap of the board, or the reason without its numbers.</param>
/// <param name="Example">The first one's reason, as written.</param>
internal sealed record RejectionGroup(string Constraint, string InTheWay, int Count, int FirstOrdinal, string Example);

/// <summary>
/// Counts rejected candidates by limit and by what stands in the way. Reasons hold numbers and engines, so hardly two are equal: the cap that
/// they name is their group, and where they name none, their text with numbers and engines taken out.
/// </summary>
internal sealed partial class RejectionGroups
{
    /// <summary>More kinds of reasons than this are counted together, so that reasons of any wording stay a table.</summary>
    public const int Most = 60;

    private const int LongestKind = 140;

    // Tried in this order: a reason that names a cap may be about something else.
    private static readonly (Regex When, string Says)[] Kinds = [(NotMeasured(), "rejected by the study before it was measured"), (NoEngine(), "no engine of the board is fast enough")];

    private readonly Dictionary<(string, string), RejectionGroup> _groups = [];

    public int Count { get; private set; }

    /// <summary>The largest first; of equal ones the one seen first.</summary>
    public IEnumerable<RejectionGroup> Largest => _groups.Values.OrderByDescending(g => g.Count).ThenBy(g => g.FirstOrdinal);

    public void Add(int ordinal, Rejection why)
    {
        Count++;
        var key = (why.Constraint, InTheWay(why));
        if (!_groups.ContainsKey(key) && _groups.Count >= Most) key = ("others", "further reasons");
        _groups[key] = _groups.TryGetValue(key, out RejectionGroup? known) ? known with { Count = known.Count + 1 }
            : new RejectionGroup(key.Item1, key.Item2, 1, ordinal, why.Reason);
    }

    /// <summary>What stands in the way of a candidate, without the numbers that differ from one to the next.</summary>
    public static string InTheWay(Rejection why)
    {
        foreach ((Regex when, string says) in Kinds)
            if (when.IsMatch(why.Reason)) return says;
        if (Cap().Match(why.Reason) is { Success: true } cap) return cap.Groups[1].Value.Equals("memory", StringComparison.OrdinalIgnoreCase) ? "memory" : cap.Groups[1].Value.ToUpperInvariant();
        string kind = Numbers().Replace(Engines().Replace(why.Reason, "an engine"), "n");
        return kind.Length <= LongestKind ? kind : kind[..LongestKind] + "\u2026";
    }

    [GeneratedRegex(@"^not measured\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotMeasured();

    [GeneratedRegex(@"\bno engine of (this|the) board meets\b", RegexOptions.IgnoreCase)]
    private static partial Regex NoEngine();

    /// <summary>"LUT 111 %", "BRAM18: 130%".</summary>
    [GeneratedRegex(@"\b(DSP|LUT|FF|BRAM18|BRAM|URAM|memory):?\s+\d+(?:\.\d+)?\s?%", RegexOptions.IgnoreCase)]
    private static partial Regex Cap();

    /// <summary>"3x32x8-w4a6", "(3,64,8)".</summary>
    [GeneratedRegex(@"\b\d+x\d+x\d+(?:-\w+)?|\(\d+, ?\d+, ?\d+\)")]
    private static partial Regex Engines();

    /// <summary>Numbers that stand alone: those inside a name (zcu102, b12.qkv) belong to it.</summary>
    [GeneratedRegex(@"(?<![\w.-])-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?![\w-])", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();
}
