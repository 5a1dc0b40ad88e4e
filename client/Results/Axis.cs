namespace Hone.Client.Results;

/// <summary>An axis: its limits with a margin around the data, and ticks at round numbers (1, 2 or 5 times a power of ten).</summary>
internal sealed record Axis(double From, double To, IReadOnlyList<double> Ticks)
{
    /// <param name="values">At least one.</param>
    /// <param name="most">Ticks at most.</param>
    public static Axis Around(IEnumerable<double> values, int most)
    {
        double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        foreach (double value in values) (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        if (!double.IsFinite(least)) (least, greatest) = (0, 1);
        double span = greatest > least ? greatest - least : least == 0 ? 1 : Math.Abs(least) * 0.1;
        double from = least - span * 0.06, to = greatest + span * 0.06;
        double step = Step((to - from) / most);
        var ticks = new List<double>();
        for (long i = (long)Math.Ceiling(from / step); i * step <= to; i++) ticks.Add(i * step);
        return new Axis(from, to, ticks);
    }

    /// <summary>The label of a tick: as many decimals as the step needs.</summary>
    public string Label(double tick)
    {
        double step = Ticks.Count > 1 ? Ticks[1] - Ticks[0] : Math.Abs(tick);
        int decimals = step <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 9);
        double rounded = Math.Round(tick, decimals);
        return (rounded == 0 ? 0 : rounded).ToString(Math.Abs(tick) >= 1e7 ? "0.##e0" : "F" + decimals, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static double Step(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        foreach (double factor in new[] { 1.0, 2, 5 })
            if (factor * power >= raw * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }
}
