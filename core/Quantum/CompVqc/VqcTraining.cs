using Hone.Model;

namespace Hone.Quantum.CompVqc;

/// <summary>What training has come to; nothing else is needed to go on.</summary>
/// <param name="Weights">[parameters].</param>
/// <param name="Batches">Drawn so far.</param>
public sealed record VqcState(double[] Weights, ulong Batches);

/// <summary>A pull towards values: rho / 2 (weight - value)^2, added to the loss.</summary>
/// <param name="Values">[parameters].</param>
public sealed record Pull(double[] Values, double Rho);

/// <summary>Trains a classifier by Adam (Kingma and Ba, ICLR 2015) on batches drawn from a seed's stream.</summary>
public sealed class VqcTraining(VqcModel model, VqcData data, CompVqcConfig config, ulong seed)
{
    /// <summary>First weights: uniform in a share of [-pi, pi].</summary>
    public VqcState Begin()
    {
        var chance = new Chance(seed, Streams.Weights);
        return new VqcState([.. Enumerable.Range(0, model.Parameters.Count).Select(_ => config.FirstAngles * Math.PI * (2 * chance.NextDouble() - 1))], 0);
    }

    /// <summary>Steps with fresh moments.</summary>
    /// <param name="frozen">[parameters]: those that stay as they are, without gradient or moment; null: none.</param>
    public VqcState Run(VqcState state, int steps, double rate, bool[]? frozen = null, Pull? pull = null)
    {
        int n = state.Weights.Length;
        double[] weights = [.. state.Weights], gradient = new double[n], first = new double[n], second = new double[n];
        var order = new Chance(seed, Streams.Order) { Position = state.Batches };
        int[] batch = new int[Math.Min(config.BatchSize, data.Samples)];
        for (int step = 1; step <= steps; step++)
        {
            for (int i = 0; i < batch.Length; i++) batch[i] = order.Next(data.Samples);
            model.Loss(data, batch, weights, gradient);
            double grown1 = 1 - Math.Pow(config.Beta1, step), grown2 = 1 - Math.Pow(config.Beta2, step);
            for (int p = 0; p < n; p++)
            {
                if (frozen is not null && frozen[p]) continue;
                double g = gradient[p] + (pull is null ? 0 : pull.Rho * (weights[p] - pull.Values[p]));
                first[p] = config.Beta1 * first[p] + (1 - config.Beta1) * g;
                second[p] = config.Beta2 * second[p] + (1 - config.Beta2) * g * g;
                weights[p] -= rate * (first[p] / grown1) / (Math.Sqrt(second[p] / grown2) + config.Epsilon);
            }
        }
        return new VqcState(weights, order.Position);
    }
}
