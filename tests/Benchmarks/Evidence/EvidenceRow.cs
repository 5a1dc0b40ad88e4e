using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.Evidence;

/// <summary>A line of the table.</summary>
/// <param name="Group">What it was found on, for example the data set.</param>
/// <param name="Statement">What is compared ("mixed minus fixed-4") or shown ("mixed").</param>
/// <param name="Metric">With its unit.</param>
/// <param name="Origin">Which column the value stands in; a figure that mixes origins stands in the weaker one's (modelled before trained).</param>
/// <param name="Value">Mean and intervals.</param>
/// <param name="Compares">A difference, oriented so that more is better: it gets a verdict.</param>
/// <param name="Margin">m of "no worse than m", stated in the plan; null: only "better" is tried.</param>
/// <param name="Note">What else must be known.</param>
internal sealed record EvidenceRow(
    string Group, string Statement, string Metric, Origin Origin, Estimate Value, bool Compares = false, double? Margin = null, string Note = "")
{
    /// <summary>
    /// One of the three phrases; empty for a row that compares nothing. It is read from the lower of the two intervals' ends: over few seeds the bootstrap's interval
    /// is too narrow (<see cref="PairedBootstrap"/>).
    /// </summary>
    public string Word => Compares ? Verdict.Of(Low, Margin) : "";

    private double Low => Math.Min(Value.Low, Value.SeedLow ?? Value.Low);

    private double High => Math.Max(Value.High, Value.SeedHigh ?? Value.High);

    /// <summary>The note, with what the three phrases do not say.</summary>
    public string Remark
    {
        get
        {
            List<string> parts = Note.Length > 0 ? [Note] : [];
            if (Compares && Margin is { } m && Word != Verdict.Better && Low > -m && High < m) parts.Add("a tie: both intervals lie within the margin on both sides");
            if (Compares && High < 0) parts.Add("both intervals lie below 0: the reverse comparison is better");
            if (Compares && Word != Verdict.Of(Value.Low, Margin)) parts.Add($"by the bootstrap alone: {Verdict.Of(Value.Low, Margin)}");
            return string.Join("; ", parts);
        }
    }
}
