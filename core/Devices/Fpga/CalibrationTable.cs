using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>A published point with the model beside it.</summary>
/// <param name="Modelled">In the point's unit; null when the model cannot price it.</param>
/// <param name="ErrorPercent">Signed; null as before.</param>
/// <param name="MacPerCycle">Useful multiplications per cycle that the figure claims; null when unknown.</param>
/// <param name="Peak">The products per cycle that it must not exceed: of the point's engine, else of the largest engine that fits.</param>
/// <param name="MostGmac">Multiplications per image, billions, above which the figure would exceed the peak; null for figures per second.</param>
public sealed record CalibrationRow(PublishedPoint Point, double? Modelled, double? ErrorPercent, double? MacPerCycle, int Peak, double? MostGmac)
{
    /// <summary>Whether the claim stays below the peak; null when its work is unknown.</summary>
    public bool? Plausible => MacPerCycle is { } claimed ? claimed <= Peak : null;
}

/// <summary>Errors of several points. There is no mean of fewer than three.</summary>
/// <param name="MeanPercent">Of the absolute errors; null when <paramref name="N"/> is below 3.</param>
/// <param name="BiasPercent">Mean of the signed errors; null as before.</param>
/// <param name="WorstPercent">Largest absolute error; null when there is no point.</param>
public sealed record ErrorSummary(int N, double? MeanPercent, double? BiasPercent, double? WorstPercent)
{
    public const int Least = 3;

    internal static ErrorSummary Of(IReadOnlyCollection<double> errors) => new(
        errors.Count, errors.Count < Least ? null : errors.Average(Math.Abs), errors.Count < Least ? null : errors.Average(), errors.Count == 0 ? null : errors.Max(Math.Abs));

    /// <summary>For people: "n = 2: no mean; worst 7.4 %".</summary>
    public string Text => N == 0 ? "n = 0: no points"
        : $"n = {N}: {(MeanPercent is { } mean ? $"mean |error| {mean:0.0} %, bias {BiasPercent:+0.0;-0.0;0.0} %" : "no mean")}; worst {WorstPercent:0.0} %";
}

/// <summary>The model of a board beside what was published: fitted and predicted points apart.</summary>
public sealed record CalibrationTable(string Board, string Calibration, ValueList<CalibrationRow> Rows, ErrorSummary Fitted, ErrorSummary Predicted)
{
    private const int Columns = 197;

    /// <summary>Prices every point that can be priced, on the engine that its design's fitted point chose.</summary>
    internal static CalibrationTable Of(FpgaDevice device, ValueList<PublishedPoint> points)
    {
        int largest = device.Candidates.Where((_, e) => device.Fits(Columns)[e]).Max(e => e.Products);
        CalibrationRow[] rows = [.. points.Select(Row)];
        return new CalibrationTable(device.Board.Name, device.Calibration, rows.ToValueList(), Errors(PointRole.Fitted), Errors(PointRole.Predicted));

        ErrorSummary Errors(PointRole role) => ErrorSummary.Of([.. rows.Where(r => r.Point.Role == role && r.ErrorPercent is not null).Select(r => r.ErrorPercent!.Value)]);

        CalibrationRow Row(PublishedPoint point)
        {
            double? modelled = point is { Net: { } net, Engine: { } engine } ? Milliseconds(net, engine) : null;
            if (modelled is not null && point.Rescaled)
            {
                PublishedPoint dense = points.Single(p => p.Design == point.Design && p.Role == PointRole.Fitted);
                modelled *= dense.Figure / Milliseconds(dense.Net!, dense.Engine!);
            }
            int peak = point.Engine is { } own ? device.Candidates[device.IndexOf(own)].Products : largest;
            double perSecond = point.Unit switch { "ms" => 1e3 / point.Figure, "FPS" => point.Figure, _ => 0 };   // images
            double hertz = point.ClockMHz * 1e6;
            double? macs = point.Unit == "GOPS" ? point.Figure / 2 * 1e9 / hertz : point.Gmac * 1e9 * perSecond / hertz;
            return new CalibrationRow(point, modelled, modelled is { } ms ? 100 * (ms / point.Figure - 1) : null, macs, peak, perSecond > 0 ? peak * hertz / perSecond / 1e9 : null);
        }

        // Every operand as wide as the engine's own: the precision of a point with a net is that of its engine.
        double Milliseconds(PublishedNet net, string engine) =>
            device.LatencyMs(VitSample.Deit(net.Width, net.Heads, 0, 64, [.. net.Tokens]).ToWorkload("published"), device.IndexOf(engine));
    }

    /// <summary>
    /// How far the predicted point depends on the engine, which no publication gives: the least and largest signed error, in percent, of
    /// the first predicted point over all engines that fit and meet the fitted point within <paramref name="percent"/>; null without such points.
    /// </summary>
    public (int Engines, double Least, double Most)? EngineSpread(double percent)
    {
        PublishedPoint? fitted = Rows.FirstOrDefault(r => r.Point is { Role: PointRole.Fitted, Net: not null })?.Point;
        PublishedPoint? predicted = Rows.FirstOrDefault(r => r.Point is { Role: PointRole.Predicted, Net: not null, Rescaled: false } && r.Point.Design == fitted?.Design)?.Point;
        if (fitted is null || predicted is null) return null;
        var device = new FpgaDevice(BoardCatalog.Find(Board));
        var dense = new FpgaPricer(device, Schedule.Once(Deit(fitted.Net!)));
        var other = new FpgaPricer(device, Schedule.Once(Deit(predicted.Net!)));
        double[] errors = [.. Enumerable.Range(0, device.Candidates.Length)
            .Where(e => dense.Fits(e) && Math.Abs(dense.LatencyMs(e) / fitted.Figure - 1) <= percent / 100).Select(e => 100 * (other.LatencyMs(e) / predicted.Figure - 1))];
        return errors.Length == 0 ? null : (errors.Length, errors.Min(), errors.Max());

        static Workload Deit(PublishedNet net) => VitSample.Deit(net.Width, net.Heads, 0, 64, [.. net.Tokens]).ToWorkload("published");
    }
}
