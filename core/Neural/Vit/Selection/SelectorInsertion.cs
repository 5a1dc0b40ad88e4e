using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// HeatViT's insertion of selectors, from the last block forwards, as a state that asks and is told: it asks for the accuracy of a net trained under a plan, and the answer decides the next
/// plan. A selector's share is lowered in steps of 0.1 while accuracy stays within a tolerance of what it was before that selector came. The state is all there is, so a run can be cut anywhere.
/// </summary>
/// <param name="Order">Blocks, counted from 0, in the order in which selectors are tried before them.</param>
/// <param name="Plan">What has been accepted.</param>
/// <param name="Accuracy">Of it, in percent; NaN until the dense net's is known.</param>
/// <param name="Reference">Before the selector that is being tried.</param>
/// <param name="At">Which of the order is being tried.</param>
/// <param name="Steps">How many steps of 0.1 the plan that is asked for takes off its share.</param>
public sealed record SelectorInsertion(ValueList<int> Order, PruningPlan Plan, double Accuracy, double Reference, int At, int Steps)
{
    private const double Step = 0.1, Tolerance = 0.5;          // percentage points [recalled]
    private const int MostSteps = 9;

    /// <summary>Before blocks L, L - max(1, L/8), .. L/4 + 1, counted from 1 as on the method's sheet.</summary>
    public static SelectorInsertion Begin(int depth) =>
        new([.. Enumerable.Range(0, depth).Select(i => depth - (i * Math.Max(1, depth / 8))).Where(b => b >= (depth / 4) + 1 && b > 1).Select(b => b - 1)], PruningPlan.Dense, double.NaN, double.NaN, 0, 1);

    /// <summary>Whose accuracy is to be told next; null: nothing is left to try.</summary>
    public PruningPlan? Asks => double.IsNaN(Accuracy) ? Plan : At == Order.Count ? null : Inserted();

    /// <summary>The state after the answer.</summary>
    /// <param name="accuracy">Of a net trained under what <see cref="Asks"/> was, in percent.</param>
    public SelectorInsertion Tell(double accuracy)
    {
        if (double.IsNaN(Accuracy)) return this with { Accuracy = accuracy, Reference = accuracy };
        PruningPlan asked = Asks ?? throw new InvalidOperationException("nothing was asked: every block has been tried");
        if (accuracy < Reference - Tolerance) return this with { At = At + 1, Steps = 1, Reference = Accuracy };
        SelectorInsertion accepted = this with { Plan = asked, Accuracy = accuracy };
        return Steps == MostSteps ? accepted with { At = At + 1, Steps = 1, Reference = accuracy } : accepted with { Steps = Steps + 1 };
    }

    /// <summary>The accepted plan with the selector that is tried at its share; later ones never keep more.</summary>
    private PruningPlan Inserted()
    {
        int block = Order[At];
        double share = 1 - (Steps * Step);
        var stages = Plan.Blocks.Select((b, s) => (Block: b, Share: Plan.Shares[s])).Where(s => s.Block != block).Append((Block: block, Share: share)).OrderBy(s => s.Block);
        double before = 1;
        var held = stages.Select(s => (s.Block, Share: before = Math.Min(before, s.Share))).ToArray();
        return new PruningPlan([.. held.Select(s => s.Block)], [.. held.Select(s => Math.Round(s.Share, 6))]);
    }
}
