using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Trains what a <see cref="SelectorInsertion"/> asks for. One call is one plan: the caller keeps state and weights between calls, so a run can be cut between any two.</summary>
public static class LatencyAwareTraining
{
    /// <summary>Trains the asked plan from the weights, validates it, and answers the next state and the weights to go on from: the new ones where the plan was accepted.</summary>
    /// <param name="config">Its positions hold every block of the insertion's order; its tune epochs are what each plan is trained for [sheet: 2].</param>
    /// <param name="weights">Of <see cref="PruningTraining"/>.</param>
    /// <param name="train">Trains, and sets thresholds.</param>
    /// <param name="validation">Decides.</param>
    public static (SelectorInsertion State, byte[] Weights) Next(
        PruningConfig config, SelectorInsertion state, byte[] weights, ImageSet train, ImageSet validation, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        PruningPlan asked = state.Asks ?? throw new InvalidOperationException("nothing was asked: every block has been tried");
        foreach (int block in asked.Blocks)
            if (!config.Positions.Contains(block)) throw new SpecException($"model.positions: expected every block that selectors are tried before, among them {block}, got {config.Positions}");
        byte[] trained = asked.Blocks.Count == 0 ? weights : PruningTraining.Tune(config, weights, Thresholds(weights), train, null, null, progress, time, cancel);
        using PruningEvaluator evaluator = PruningEvaluator.Open(trained);
        SelectorInsertion next = state.Tell(100 * evaluator.Evaluate(evaluator.Calibrate(asked, train), validation).Correct.Accuracy);
        return (next, next.Plan == asked ? trained : weights);

        PruningThresholds Thresholds(byte[] of)
        {
            using PruningEvaluator before = PruningEvaluator.Open(of);
            return before.Calibrate(asked, train);
        }
    }
}
