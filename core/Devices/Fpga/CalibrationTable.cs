using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>A published point with the model beside it.</summary>
/// <param name="Engine">The engine that the design's fitted point chose; null when the point is not priced.</param>
/// <param name="Readings">The model at the point, the plain one first; empty when it cannot be priced.</param>
/// <param name="BlockTimes">The plain reading with t_blk at both ends of what published designs leave open; nothing else changed.</param>
/// <param name="MacPerCycle">Useful multiplications per cycle that the figure claims; null when unknown.</param>
/// <param name="Peak">The products per cycle that it must not exceed.</param>
/// <param name="PeakOf">Whose peak that is: the point's engine, the largest that fits of the design's operand bits, or the largest of any bits.</param>
/// <param name="MostGmac">Multiplications per image, billions, above which the figure would exceed the peak; null for figures per second.</param>
public sealed record CalibrationRow(
    PublishedPoint Point, string? Engine, ValueList<Reading> Readings, ValueList<Reading> BlockTimes, double? MacPerCycle, int Peak, string PeakOf, double? MostGmac)
{
    /// <summary>Whether the claim stays below the peak; null when its work is unknown.</summary>
    public bool? Plausible => MacPerCycle is { } claimed ? claimed <= Peak : null;
}

/// <summary>How far the held-out errors depend on the engine, which no publication gives.</summary>
/// <param name="WithinPercent">Engines that meet the fitted point within so much are as good as the chosen one.</param>
/// <param name="Engines">How many there are, the chosen one included.</param>
/// <param name="LeastPercent">Least signed error of a predicted point on any of them, all readings.</param>
/// <param name="MostPercent">Largest signed error.</param>
public sealed record EngineSpread(double WithinPercent, int Engines, double LeastPercent, double MostPercent);

/// <summary>The model of a board beside what was published: fitted and predicted points apart.</summary>
/// <param name="Spread">Null without a predicted point.</param>
public sealed record CalibrationTable(string Board, string Calibration, ValueList<CalibrationRow> Rows, ErrorSummary Fitted, ErrorSummary Predicted, EngineSpread? Spread)
{
    private const int Columns = 197;

    /// <summary>
    /// Percent below which two latencies of the model are a tie: the worst held-out error on the chosen engine and on all that are as good; null without a
    /// predicted point.
    /// </summary>
    public double? ResolutionPercent => Predicted.WorstPercent is { } worst ? Math.Max(worst, Spread is { } s ? Math.Max(Math.Abs(s.LeastPercent), Math.Abs(s.MostPercent)) : 0) : null;

    /// <summary>Prices every point that can be priced, on the engine that its design's fitted point chose and at the point's own clock.</summary>
    internal static CalibrationTable Of(Board board, ValueList<PublishedPoint> points)
    {
        Engine[] fitting = [.. new FpgaDevice(board).Fitting(Columns)];
        Dictionary<string, DesignFit> fits = points.Where(p => p is { Role: PointRole.Fitted, Net: not null }).ToDictionary(p => p.Design, p => DesignFit.Of(board, p));
        List<Engine> engines = board.Candidates();
        CalibrationRow[] rows = [.. points.Select(Row)];
        return new CalibrationTable(board.Name, board.Calibration, rows.ToValueList(), Errors(PointRole.Fitted), Errors(PointRole.Predicted), Spread());

        ErrorSummary Errors(PointRole role) => ErrorSummary.Of([.. rows.Where(r => r.Point.Role == role && r.Readings.Count > 0).Select(r => (double[])[.. r.Readings.Select(x => x.ErrorPercent)])]);

        CalibrationRow Row(PublishedPoint point)
        {
            DesignFit? fit = point.Role == PointRole.PlausibilityOnly ? null : fits.GetValueOrDefault(point.Design);
            (int peak, string peakOf) = fit is not null ? (engines[fit.Engine].Products, engines[fit.Engine].Name) : Largest(point.Kind);
            double hertz = point.ClockMHz * 1e6;
            double? macs = point.Unit == "GOPS" ? point.Figure / 2 * 1e9 / hertz : point.Gmac * 1e12 / point.Milliseconds / hertz;
            return new CalibrationRow(point, fit is null ? null : engines[fit.Engine].Name, fit?.Readings(board, point, fit.Engine) ?? [], fit is null ? [] : BlockTimes(fit, point),
                macs, peak, peakOf, point.Unit == "GOPS" ? null : peak * hertz * point.Milliseconds / 1e12);
        }

        ValueList<Reading> BlockTimes(DesignFit fit, PublishedPoint point) => UnknownHostTime.BlockEndsMs
            .SelectMany(ms => fit.Readings(board, point, fit.Engine, ms).Take(1).Select(r => r with { Name = FormattableString.Invariant($"t_blk {ms:0.00} ms") })).ToValueList();

        (int, string) Largest(EngineKind? kind)
        {
            Engine largest = fitting.Where(e => kind is null || e.Kind == kind).MaxBy(e => e.Products)!;
            return (largest.Products, kind is null ? $"any bits: {Bits(largest.Kind)}" : Bits(kind));
        }

        EngineSpread? Spread()
        {
            (DesignFit Fit, PublishedPoint Point)[] predicted = [.. points.Where(p => p is { Role: PointRole.Predicted, Net: not null } && fits.ContainsKey(p.Design)).Select(p => (fits[p.Design], p))];
            double[] errors = [.. predicted.SelectMany(p => p.Fit.AsGood.SelectMany(e => p.Fit.Readings(board, p.Point, e))).Select(r => r.ErrorPercent)];
            return errors.Length == 0 ? null : new EngineSpread(DesignFit.NearPercent, predicted.Select(p => p.Fit).Distinct().Sum(f => f.AsGood.Count), errors.Min(), errors.Max());
        }
    }

    private static string Bits(EngineKind kind) => $"w{kind.WeightBits}a{kind.ActivationBits}";
}
