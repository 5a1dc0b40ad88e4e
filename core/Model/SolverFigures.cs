namespace Hone.Model;

/// <summary>Figures by which a solver of the alternating direction method of multipliers tells how far it is (<see cref="Progress.Values"/>).</summary>
public static class SolverFigures
{
    /// <summary>How far the values are from the levels that they are drawn to.</summary>
    public const string Primal = "primal residual";

    /// <summary>How far the levels moved in the last round, times rho.</summary>
    public const string Dual = "dual residual";

    /// <summary>The metric that a trial tells the last one by.</summary>
    public const string PrimalMetric = "primal_residual";

    /// <inheritdoc cref="PrimalMetric"/>
    public const string DualMetric = "dual_residual";

    /// <summary>The weight of the pull.</summary>
    public const string Rho = "rho";
}
