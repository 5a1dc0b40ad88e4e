using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// Plans from latencies, as pure functions: what SPViT and HeatViT do with their tables. Shares are cumulative, of all N patches. A latency is any function of a plan, such as
/// <see cref="LatencyTable.Total"/> or the price of its workload.
/// </summary>
public static class LatencyPlanning
{
    /// <summary>Least share of a plan [both sheets], how near neighbours may lie [recalled], and how many selectors stay [HeatViT's sheet].</summary>
    public const double Least = 0.1, Near = 0.085;

    /// <inheritdoc cref="Least"/>
    public const int Most = 3;

    private const int Halvings = 50;

    /// <summary>HeatViT's steps 3 and 4: neighbours merged, few left, scaled to the budget.</summary>
    public static PruningPlan Fit(PruningPlan plan, Func<PruningPlan, double> latency, double budget) => Scale(Fewest(Merge(plan), latency), latency, budget);

    /// <summary>Neighbouring selectors whose shares differ by less than <paramref name="within"/> become one: the earlier.</summary>
    public static PruningPlan Merge(PruningPlan plan, double within = Near)
    {
        List<int> stays = [];
        for (int s = 0; s < plan.Blocks.Count; s++)
            if (stays.Count == 0 || plan.Shares[stays[^1]] - plan.Shares[s] >= within) stays.Add(s);
        return Of(plan, stays);
    }

    /// <summary>Selectors go, the one that saves least first, until <paramref name="most"/> are left.</summary>
    public static PruningPlan Fewest(PruningPlan plan, Func<PruningPlan, double> latency, int most = Most)
    {
        while (plan.Blocks.Count > most)
        {
            int count = plan.Blocks.Count;
            PruningPlan now = plan;
            plan = Enumerable.Range(0, count).Select(s => Of(now, [.. Enumerable.Range(0, count).Where(i => i != s)])).MinBy(latency)!;
        }
        return plan;
    }

    /// <summary>All 1 - share times one factor, found by bisection, so that the latency just meets the budget; shares never rise and stay at least <see cref="Least"/>.</summary>
    /// <param name="budget">In the latency's unit.</param>
    /// <exception cref="SpecException">Not even the least shares meet it.</exception>
    public static PruningPlan Scale(PruningPlan plan, Func<PruningPlan, double> latency, double budget)
    {
        if (latency(PruningPlan.Dense) <= budget) return PruningPlan.Dense;
        double high = plan.Shares.Count == 0 ? 0 : (1 - Least) / plan.Shares.Where(s => s < 1).Select(s => 1 - s).DefaultIfEmpty(1).Min(), low = 0;
        if (latency(Scaled(high)) > budget)
            throw new SpecException($"expected a budget that selectors before blocks {plan.Blocks} can meet, {latency(Scaled(high)):G4} or more, got {budget:G4}: raise it, or let selectors stand earlier");
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (latency(Scaled(middle)) > budget) low = middle;
            else high = middle;
        }
        return Scaled(high);

        PruningPlan Scaled(double factor)
        {
            double before = 1;
            return plan with { Shares = plan.Shares.Select(s => before = Math.Min(before, Math.Max(Least, 1 - ((1 - s) * factor)))).ToValueList() };
        }
    }

    /// <summary>
    /// SPViT's sheet, step 3: from shares of 1 on, again and again the one is lowered whose lowering saves most latency for the loss that it costs, until the budget is met.
    /// </summary>
    /// <param name="blocks">Where selectors stand.</param>
    /// <param name="loss">By stage and share: how much the loss rises when that stage alone keeps that share.</param>
    /// <param name="step">Of shares.</param>
    /// <exception cref="SpecException">Not even the least shares meet the budget.</exception>
    public static PruningPlan Greedy(ValueList<int> blocks, Func<int, double, double> loss, Func<PruningPlan, double> latency, double budget, double step = 0.05)
    {
        const double free = 1e-9;                              // a loss that does not rise
        int[] steps = new int[blocks.Count];                   // taken of each share
        int least = (int)Math.Round((1 - Least) / step);
        while (latency(Plan(steps)) > budget)
        {
            double now = latency(Plan(steps)), best = double.NegativeInfinity;
            int chosen = -1;
            for (int s = 0; s < steps.Length; s++)
            {
                if (steps[s] == least || (s < steps.Length - 1 && steps[s] + 1 > steps[s + 1])) continue;   // a later share is never larger
                int[] lowered = [.. steps];
                lowered[s]++;
                double worth = (now - latency(Plan(lowered))) / Math.Max(free, loss(s, Share(lowered[s])) - loss(s, Share(steps[s])));
                if (worth > best) (best, chosen) = (worth, s);
            }
            if (chosen < 0) throw new SpecException($"expected a budget that selectors before blocks {blocks} can meet, {now:G4} or more, got {budget:G4}: raise it, or let selectors stand earlier");
            steps[chosen]++;
        }
        PruningPlan all = Plan(steps);
        return Of(all, [.. Enumerable.Range(0, steps.Length).Where(s => steps[s] > (s == 0 ? 0 : steps[s - 1]))]);

        double Share(int taken) => Math.Max(Least, 1 - (taken * step));

        PruningPlan Plan(int[] taken) => new(blocks, [.. taken.Select(Share)]);
    }

    private static PruningPlan Of(PruningPlan plan, List<int> stages) => new([.. stages.Select(s => plan.Blocks[s])], [.. stages.Select(s => plan.Shares[s])]);
}
