using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>How parameters are brought to their levels.</summary>
public enum SnapSchedule
{
    /// <summary>Nothing is snapped: the dense circuit, trained on for as long.</summary>
    None,

    /// <summary>All at once; the others are trained on.</summary>
    OneShot,

    /// <summary>A part in each round, training between.</summary>
    Gradual,

    /// <summary>Drawn there by the alternating direction method of multipliers, then snapped.</summary>
    Admm,
}

/// <summary>A compression that can stop after any round and go on.</summary>
/// <param name="Round">Rounds done.</param>
/// <param name="Dual">u [parameters].</param>
/// <param name="Auxiliary">z [parameters].</param>
/// <param name="Chosen">[parameters]: in the last round drawn to a level.</param>
/// <param name="Snapped">[parameters]: frozen at their level.</param>
/// <param name="Residuals">Of every round of the multipliers so far.</param>
public sealed record CompressionState(VqcState Training, int Round, double[] Dual, double[] Auxiliary, bool[] Chosen, bool[] Snapped, ValueList<Residual> Residuals)
{
    public bool IsDone(CompVqcConfig config) => Round > config.Rounds;
}

/// <summary>How far a round of the multipliers is from agreement.</summary>
/// <param name="Round">From 1 on.</param>
/// <param name="Primal">||theta - z|| of the chosen.</param>
/// <param name="Dual">rho ||z - z before||.</param>
public sealed record Residual(int Round, double Rho, double Primal, double Dual);

/// <summary>
/// Compresses a trained circuit: so many of its parameters end at values that the transpiler makes short circuits of. Every schedule takes the
/// same number of training steps.
/// <para>ADMM: theta = argmin f(theta) + rho/2 ||theta - z + u||^2 (some steps of Adam); z = the level nearest to theta + u for the chosen,
/// theta + u itself for the others; u = u + theta - z; rho doubles from round to round.</para>
/// </summary>
/// <param name="compiled">What angles save inside the circuit, asked in each round of the multipliers; null: the table's word counts.</param>
public sealed class Compression(ITraining training, Snapping snapping, CompVqcConfig config, SnapSchedule schedule, int count, CompiledSavings? compiled = null)
{
    /// <summary>Before the first round.</summary>
    public CompressionState Begin(VqcState dense)
    {
        int n = dense.Weights.Length;
        double[] z = [.. dense.Weights];
        foreach (int p in Chosen(dense.Weights)) z[p] = snapping.Of(dense.Weights)[p]!.Value.Value;
        return new CompressionState(dense, 0, new double[n], z, new bool[n], new bool[n], []);
    }

    /// <summary>One round further; the one behind the last is the fine-tuning.</summary>
    public CompressionState Next(CompressionState state)
    {
        if (state.Round == config.Rounds) return FineTune(state);
        return schedule switch
        {
            SnapSchedule.Admm => Multipliers(state),
            SnapSchedule.Gradual => Snapped(state, (count * (state.Round + 1) + config.Rounds - 1) / config.Rounds),
            SnapSchedule.OneShot => Snapped(state, count),
            _ => Snapped(state, 0),
        };
    }

    /// <summary>All rounds.</summary>
    public CompressionState Run(VqcState dense)
    {
        CompressionState state = Begin(dense);
        while (!state.IsDone(config)) state = Next(state);
        return state;
    }

    private int[] Chosen(ReadOnlySpan<double> values) => schedule == SnapSchedule.None ? [] : snapping.Best(values, count);

    private CompressionState Multipliers(CompressionState state)
    {
        double rho = config.FirstRho * Math.Pow(2, Math.Min(state.Round, config.RhoDoublings));
        double[] towards = [.. state.Auxiliary.Zip(state.Dual, (z, u) => z - u)];
        VqcState trained = training.Run(state.Training, config.RoundSteps, config.Rate, pull: new Pull(towards, rho));
        double[] c = [.. trained.Weights.Zip(state.Dual, (t, u) => t + u)], z = [.. c];
        Snap?[] snaps = snapping.Of(c);
        int[] chosen = snapping.Best(c, count, compiled is null ? [] : compiled.Of(c, snaps, state.Chosen));
        foreach (int p in chosen) z[p] = snaps[p]!.Value.Value;
        double[] dual = [.. c.Zip(z, (a, b) => a - b)];
        double primal = Math.Sqrt(chosen.Sum(p => Square(trained.Weights[p] - z[p]))), moved = rho * Math.Sqrt(z.Zip(state.Auxiliary, (a, b) => Square(a - b)).Sum());
        bool[] marked = new bool[z.Length];
        foreach (int p in chosen) marked[p] = true;
        return state with { Training = trained, Round = state.Round + 1, Dual = dual, Auxiliary = z, Chosen = marked, Residuals = [.. state.Residuals.AsEnumerable(), new Residual(state.Round + 1, rho, primal, moved)] };
    }

    /// <summary>Freezes so many at their levels, then trains the others.</summary>
    private CompressionState Snapped(CompressionState state, int until)
    {
        (double[] weights, bool[] snapped) = Snap(state, until);
        VqcState trained = training.Run(state.Training with { Weights = weights }, config.RoundSteps, config.Rate, snapped);
        return state with { Training = trained, Round = state.Round + 1, Snapped = snapped };
    }

    private CompressionState FineTune(CompressionState state)
    {
        double[] weights = [.. state.Training.Weights];
        bool[] snapped = schedule == SnapSchedule.Admm ? state.Chosen : state.Snapped;
        for (int p = 0; p < weights.Length; p++)
            if (schedule == SnapSchedule.Admm && snapped[p]) weights[p] = state.Auxiliary[p];
        VqcState trained = training.Run(state.Training with { Weights = weights }, config.FineTuneSteps, config.Rate, snapped);
        return state with { Training = trained, Round = state.Round + 1, Snapped = snapped };
    }

    /// <summary>The best so far unsnapped join those that are.</summary>
    private (double[] Weights, bool[] Snapped) Snap(CompressionState state, int until)
    {
        double[] values = state.Training.Weights, weights = [.. values];
        bool[] snapped = [.. state.Snapped];
        int left = until - snapped.Count(s => s);
        if (left <= 0) return (weights, snapped);
        Snap?[] snaps = snapping.Of(values);
        foreach (int p in snapping.Best(values, values.Length).Where(p => !state.Snapped[p]).Take(left))
            (weights[p], snapped[p]) = (snaps[p]!.Value.Value, true);
        return (weights, snapped);
    }

    private static double Square(double x) => x * x;
}
