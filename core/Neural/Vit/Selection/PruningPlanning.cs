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
    public static PruningPlan ForCut(PruningConfig config, double cut)
    {
        double dense = Macs(PruningPlan.Dense), low = Least, high = 1;
        if (Macs(Geometric(low)) > (1 - cut) * dense) throw new SpecException($"expected a cut that selectors before blocks {config.Positions} can make, got {cut:P0}");
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Macs(Geometric(middle)) > (1 - cut) * dense) high = middle;
            else low = middle;
        }
        return Geometric(low);

        PruningPlan Geometric(double share) => new(config.Positions, config.Positions.Select((_, s) => Math.Pow(share, s + 1)).ToValueList());

        double Macs(PruningPlan plan) => VitWorkload.Macs(PruningWorkload.Lower(plan, config));
    }
}
