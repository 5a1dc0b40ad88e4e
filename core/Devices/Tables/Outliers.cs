using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>Readings that cannot be true, and readings that are hard to believe.</summary>
public static class Outliers
{
    /// <summary>Multiplications per second that no device of this decade exceeds: the dense 8-bit peak of the largest accelerators.</summary>
    public const double MostMacsPerSecond = 1e15;

    /// <summary>Bytes per second that no device exceeds, caches included: ten times the memory of the largest accelerators.</summary>
    public const double MostBytesPerSecond = 5e13;

    private const double LeastMs = 1e-6, MostMs = 10 * 60e3;   // a nanosecond; ten minutes
    private const double Far = 5, Intervals = 4;               // a reading is suspicious from five times off on, or from four intervals where the fit is loose
    private const int LongestText = 200, MostNotes = 32;

    /// <summary>Why a reading cannot be true of one run of the workload; null when it can. Whatever a node sends may be given to it.</summary>
    public static string? Impossible(Workload workload, Reading reading)
    {
        double ms = reading.Milliseconds;
        if (!double.IsFinite(ms) || ms <= 0) return $"expected a time above 0 ms, got {ms}";
        // No median absolute deviation of positive times is above their median.
        if (!(reading.Spread >= 0) || reading.Spread > ms * 1.001) return $"expected a spread from 0 to the time, {ms} ms, got {reading.Spread}";
        if (reading.Samples < 1) return $"expected at least one sample, got {reading.Samples}";
        if (!double.IsFinite(reading.Drift) || reading.Drift <= -1) return $"expected a drift above -1, got {reading.Drift}";
        if (Text(reading) is { } text) return text;
        if (ms > MostMs) return FormattableString.Invariant($"{ms / 60e3:0.#} minutes for one run: more than ten are not believed");
        double macs = 0, bytes = 0;
        foreach (Op op in workload.Ops)
        {
            OpWork work = OpWork.Of(op, workload.Mode, workload.Batch);
            macs += Math.Max(0, op.Repeat * work.Macs);
            bytes += Math.Max(0, op.Repeat * work.Bytes);
        }
        if (macs / MostMacsPerSecond * 1e3 > ms) return TooFast(macs, "multiplications", ms, MostMacsPerSecond);
        if (bytes / MostBytesPerSecond * 1e3 > ms) return TooFast(bytes, "bytes", ms, MostBytesPerSecond);
        return ms < LeastMs ? FormattableString.Invariant($"{ms:0.###e0} ms: no run takes less than a nanosecond") : null;
    }

    /// <summary>
    /// Why a reading is to be held back until a second one agrees; null when it is believed at once. Only operations measured alone can be judged, and only those that
    /// the fit predicts.
    /// </summary>
    /// <param name="measured">What was run, as <see cref="OpKey.Alone"/> made it.</param>
    public static string? Suspicious(CostFit fit, Workload measured, Reading reading)
    {
        if (measured.Ops.Count != 1 || measured.Ops[0].Repeat != 1 || fit.Predict(measured.Ops[0], measured) is not { } expected) return null;
        double factor = reading.Milliseconds / expected.Milliseconds, limit = Math.Max(Far, Math.Exp(Intervals * expected.Interval));
        if (factor <= limit && factor >= 1 / limit) return null;
        string how = FormattableString.Invariant($"{(factor > 1 ? factor : 1 / factor):0.#} times {(factor > 1 ? "above" : "below")}");
        return FormattableString.Invariant(
            $"{reading.Milliseconds:0.####} ms is {how} the {expected.Milliseconds:0.####} ms that its family predicts, allowed {limit:0.#}");
    }

    private static string TooFast(double amount, string of, double ms, double most) =>
        FormattableString.Invariant($"{amount:0.###e0} {of} in {ms:0.###e0} ms: no device reaches {most:0e0} a second");

    private static string? Text(Reading reading)
    {
        if (reading.Calibration is not { Length: <= LongestText })
            return $"expected a calibration of up to {LongestText} characters, got {(reading.Calibration is null ? "none" : reading.Calibration.Length)}";
        return Texts("notes", reading.Notes) ?? Texts("marks", reading.Marks);
    }

    private static string? Texts(string what, ValueList<string> texts)
    {
        if (texts.Count > MostNotes) return $"expected up to {MostNotes} {what}, got {texts.Count}";
        foreach (string text in texts)
            if (text is null || text.Length > LongestText) return $"expected {what} of up to {LongestText} characters, got {(text is null ? "none" : text.Length)}";
        return null;
    }
}
