using System.Globalization;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>How a figure is known, in words: measured or predicted, on what, when, and what ran in another way than stated.</summary>
internal static class Known
{
    /// <summary>"measured, pi-shelf".</summary>
    public static string By(Measurement m) => m.Device is null ? m.State : $"{m.State}, {m.Device}";

    /// <summary>"measured 2026-11-26 23:15 UTC"; the state alone where it rests on no figures that were taken.</summary>
    public static string When(Measurement m) => m.Taken is { } taken ? $"{m.State} {Moment(taken)} UTC" : m.State;

    /// <summary>All of it in a line.</summary>
    public static string Full(Measurement m) => string.Join(", ", new[] { When(m), m.Device }.OfType<string>()) + (m.Notes is { Count: > 0 } notes ? $"; otherwise than stated: {string.Join("; ", notes)}" : "");

    /// <summary>When the figures of several were taken, "2026-11-26 23:15 to 23:17 UTC".</summary>
    public static string Span(IEnumerable<Measurement> of)
    {
        DateTimeOffset[] taken = [.. of.Select(m => m.Taken).OfType<DateTimeOffset>()];
        if (taken.Length == 0) return "-";
        (string first, string last) = (Moment(taken.Min()), Moment(taken.Max()));
        return first == last ? $"{first} UTC" : $"{first} to {(first[..10] == last[..10] ? last[11..] : last)} UTC";
    }

    /// <summary>A line of each kind of thing that ran otherwise than stated when a front's members were measured.</summary>
    public static IEnumerable<string> Otherwise(FrontFile front) => front.Members
        .SelectMany(p => p.Measurements.SelectMany(m => (m.Notes ?? []).Select(n => (m.Device, Kind: Remarks.Kind(n)))).Distinct()).GroupBy(n => n)
        .Select(of => $"otherwise than stated on {of.Key.Device}: {of.Key.Kind} ({of.Count()} of {front.Members.Count} members)");

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
