using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>What training has come to; nothing else is needed to go on.</summary>
/// <param name="Weights">[parameters].</param>
/// <param name="Batches">Drawn so far.</param>
public sealed record VqcState(double[] Weights, ulong Batches);

/// <summary>A pull towards values: rho / 2 (weight - value)^2, added to the loss.</summary>
/// <param name="Values">[parameters].</param>
public sealed record Pull(double[] Values, double Rho);

/// <summary>What a compression trains: some steps from a state on.</summary>
public interface ITraining
{
    /// <summary>Steps with fresh moments.</summary>
    /// <param name="frozen">[parameters]: those that stay as they are, without gradient or moment; null: none.</param>
    VqcState Run(VqcState state, int steps, double rate, bool[]? frozen = null, Pull? pull = null);
}

/// <summary>Trains a classifier on batches drawn from a seed's stream.</summary>
public sealed class VqcTraining(VqcModel model, VqcData data, CompVqcConfig config, ulong seed) : ITraining
{
    /// <summary>First weights: uniform in a share of [-pi, pi].</summary>
    public VqcState Begin()
    {
        var chance = new Chance(seed, Streams.Weights);
        return new VqcState([.. Enumerable.Range(0, model.Parameters.Count).Select(_ => config.FirstAngles * Math.PI * (2 * chance.NextDouble() - 1))], 0);
    }

    /// <inheritdoc/>
    public VqcState Run(VqcState state, int steps, double rate, bool[]? frozen = null, Pull? pull = null)
    {
        var order = new Chance(seed, Streams.Order) { Position = state.Batches };
        int[] batch = new int[Math.Min(config.BatchSize, data.Samples)];
        double[] weights = Adam.Run(state.Weights, steps, rate, config, frozen, pull, (at, gradient) =>
        {
            for (int i = 0; i < batch.Length; i++) batch[i] = order.Next(data.Samples);
            model.Loss(data, batch, at, gradient);
        });
        return new VqcState(weights, order.Position);
    }
}
