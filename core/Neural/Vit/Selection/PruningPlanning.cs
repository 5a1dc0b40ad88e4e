using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Plans from budgets.</summary>
public static class PruningPlanning
{
    private const int Halvings = 40;
    private const double Least = 0.05;

    /// <summary>Selectors before all positions, each leaving the same share of what arrives, such that the multiply-accumulates of the dense net fall by a share.</summary>
    /// <param name="cut">0..1, selectors' own work included.</param>
    /// <exception cref="SpecException">No share cuts that much.</exception>
    public static PruningPlan ForCut(PruningConfig config, double cut) => Equal(config, Macs(config), (1 - cut) * Macs(config)(PruningPlan.Dense));

    /// <summary>Selectors before all positions, each leaving the same share of what arrives, such that the cost just comes within the budget.</summary>
    /// <param name="cost">Of a plan, in the budget's unit; it falls with the shares.</param>
    /// <exception cref="SpecException">No share costs so little.</exception>
    public static PruningPlan Equal(PruningConfig config, Func<PruningPlan, double> cost, double budget)
    {
        double low = Least, high = 1;
        if (cost(Geometric(low)) > budget)
            throw new SpecException($"expected a budget that selectors before blocks {config.Positions} can meet, {cost(Geometric(low)) / cost(PruningPlan.Dense):P0} of the dense net's cost or more, got {budget / cost(PruningPlan.Dense):P0}");
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (cost(Geometric(middle)) > budget) high = middle;
            else low = middle;
        }
        return Geometric(low);

        PruningPlan Geometric(double share) => new(config.Positions, config.Positions.Select((_, s) => Math.Pow(share, s + 1)).ToValueList());
    }

    /// <summary>Multiply-accumulates of an image under a plan, selectors' own included.</summary>
    public static Func<PruningPlan, double> Macs(PruningConfig config) => plan => VitWorkload.Macs(PruningWorkload.Lower(plan, config));
}
