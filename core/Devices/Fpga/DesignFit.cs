using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>
/// The engine that a published design is taken to have: sizes are unpublished, so among the engines of the design's operand bits that fit the caps it is the
/// one whose prediction is closest to the fitted point. That point is then used up; its error proves nothing.
/// </summary>
/// <param name="Engine">Index of that engine.</param>
/// <param name="AsGood">All engines that meet the fitted point within <see cref="NearPercent"/>, and the chosen one: the choice could have been any of them.</param>
internal sealed record DesignFit(PublishedPoint Fitted, int Engine, ValueList<int> AsGood)
{
    /// <summary>Percent of the fitted point within which an engine could have been chosen as well. [proposal]</summary>
    public const double NearPercent = 2;

    /// <param name="fitted">Has a net and a kind.</param>
    /// <exception cref="HoneException">No engine of its bits fits the board.</exception>
    public static DesignFit Of(Board board, PublishedPoint fitted)
    {
        var device = new FpgaDevice(AtClock(board, fitted));
        var pricer = new FpgaPricer(device, Schedule.Once(Deit(fitted.Net!)));
        (int Engine, double Percent)[] engines = [.. Enumerable.Range(0, device.Candidates.Length).Where(e => device.Candidates[e].Kind == fitted.Kind && pricer.Fits(e))
            .Select(e => (e, 100 * Math.Abs(fitted.InUnit(pricer.LatencyMs(e))!.Value / fitted.Figure - 1)))];
        if (engines.Length == 0) throw new HoneException($"{fitted.Design}: expected an engine of {fitted.Kind} that fits {board.Name}, there is none; correct the point's record");
        (int Engine, double Percent) best = engines.MinBy(e => e.Percent);
        return new DesignFit(fitted, best.Engine, engines.Where(e => e.Percent <= NearPercent || e == best).Select(e => e.Engine).ToValueList());
    }

    /// <summary>
    /// What the model says of a point on an engine, in the point's unit and at its clock: as it is and, for another point than the fitted one, scaled so that the
    /// fitted point is met exactly. Empty when the model cannot price the point.
    /// </summary>
    /// <param name="blockMs">t_blk, milliseconds for each block.</param>
    public ValueList<Reading> Readings(Board board, PublishedPoint point, int engine, double blockMs = 0)
    {
        if (point.Net is null || point.InUnit(Milliseconds(board, point, engine, blockMs)) is not { } plain) return [];
        if (point == Fitted) return [Reading.Of("as modelled", plain, point)];
        double scale = Fitted.Milliseconds!.Value / Milliseconds(board, Fitted, engine, blockMs);
        return [Reading.Of("as modelled", plain, point), Reading.Of("rescaled to the fitted point", point.InUnit(scale * Milliseconds(board, point, engine, blockMs))!.Value, point)];
    }

    // Every operand as wide as the engine's own: the precision of a point with a net is that of its engine.
    private static double Milliseconds(Board board, PublishedPoint point, int engine, double blockMs) =>
        new FpgaDevice(AtClock(board, point) with { Host = board.Host with { BlockMs = blockMs } }).LatencyMs(Deit(point.Net!), engine);

    private static Board AtClock(Board board, PublishedPoint point) => board with { ClockMHz = point.ClockMHz };

    private static Workload Deit(PublishedNet net) => VitSample.Deit(net.Width, net.Heads, 0, 64, [.. net.Tokens]).ToWorkload("published");
}

/// <summary>One way to read the model at a published point.</summary>
/// <param name="Name">For example "as modelled".</param>
/// <param name="Modelled">In the point's unit.</param>
/// <param name="ErrorPercent">Signed, of the published figure.</param>
public sealed record Reading(string Name, double Modelled, double ErrorPercent)
{
    internal static Reading Of(string name, double modelled, PublishedPoint point) => new(name, modelled, 100 * (modelled / point.Figure - 1));
}
