using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class LatencyPlanningTests
{
    /// <summary>2 ms a block at every share of 0.3 and below, 9 ms at 1: what makes tables differ from counting multiply-accumulates.</summary>
    private static readonly LatencyTable Table = new(LatencyTable.Grid, [.. LatencyTable.Grid.Select(s => Math.Max(2, (10 * s) - 1))]);

    private static double Ms(PruningPlan plan) => Table.Total(plan, 8);

    [Theory]
    [InlineData(1, 9)]
    [InlineData(0.95, 8.5)]
    [InlineData(0.33, 2.3)]
    [InlineData(0.2, 2)]
    [InlineData(0.05, 2)]
    public void ATableIsReadAlongStraightLines(double share, double ms) => Assert.Equal(ms, Table.At(share), 9);

    [Fact]
    public void ABlockCostsWhatTheLastSelectorBeforeItLeaves() => Assert.Equal((3 * 9) + (2 * 4) + (3 * 2), Ms(new PruningPlan([3, 5], [0.5, 0.2])), 9);

    [Fact]
    public void NeighboursThatKeepNearlyTheSameBecomeTheEarlierOne()
    {
        Assert.Equal(new PruningPlan([2, 5], [0.9, 0.7]), LatencyPlanning.Merge(new PruningPlan([2, 3, 4, 5], [0.9, 0.85, 0.82, 0.7])));
        Assert.Equal(new PruningPlan([2, 3], [0.9, 0.81]), LatencyPlanning.Merge(new PruningPlan([2, 3], [0.9, 0.81])));   // 0.09 apart
    }

    [Fact]
    public void TheSelectorThatSavesLeastGoesFirst() =>
        Assert.Equal(new PruningPlan([2, 4, 6], [0.8, 0.5, 0.3]), LatencyPlanning.Fewest(new PruningPlan([2, 4, 6, 7], [0.8, 0.5, 0.3, 0.25]), Ms));

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.65)]
    [InlineData(0.5)]
    public void AScaledPlanMeetsItsBudget(double share)
    {
        double budget = share * Ms(PruningPlan.Dense);
        PruningPlan plan = LatencyPlanning.Fit(new PruningPlan([1, 3, 5, 7], [0.8, 0.6, 0.57, 0.4]), Ms, budget);
        Assert.InRange(Ms(plan), budget * 0.999, budget);
        Assert.InRange(plan.Blocks.Count, 1, 3);
        for (int s = 0; s < plan.Shares.Count; s++) Assert.InRange(plan.Shares[s], LatencyPlanning.Least, s == 0 ? 1 : plan.Shares[s - 1]);
    }

    [Fact]
    public void ABudgetThatTheDenseNetMeetsNeedsNoSelector() => Assert.Equal(PruningPlan.Dense, LatencyPlanning.Scale(new PruningPlan([2], [0.5]), Ms, 72));

    [Fact]
    public void ABudgetThatNothingMeetsIsRefusedWithWhatCouldBeMet() =>
        Assert.Contains("30 or more, got 20", Assert.Throws<SpecException>(() => LatencyPlanning.Scale(new PruningPlan([2], [0.5]), Ms, 20)).Message);

    [Fact]
    public void GreedyLowersWhereLatencyIsCheapInLoss()
    {
        // The first stage hurts ten times as much as the last.
        PruningPlan plan = LatencyPlanning.Greedy([2, 4, 6], (s, share) => (1 - share) * (s == 0 ? 10 : s == 1 ? 3 : 1), Ms, 55);
        Assert.True(Ms(plan) <= 55);
        Assert.DoesNotContain(2, plan.Blocks.AsEnumerable());
        Assert.Equal(0.3, plan.Shares[^1], 9);                                 // below it the table says that nothing is saved
        Assert.Throws<SpecException>(() => LatencyPlanning.Greedy([6], (_, share) => 1 - share, Ms, 20));
    }

    [Fact]
    public void EqualSharesJustMeetABudgetOrSayWhatCouldBeMet()
    {
        var config = new PruningConfig { Positions = [2, 4, 6] };
        double dense = Ms(PruningPlan.Dense);
        PruningPlan plan = PruningPlanning.Equal(config, Ms, 0.7 * dense);
        Assert.InRange(Ms(plan), 0.7 * dense * 0.999, 0.7 * dense);
        Assert.Equal(config.Positions, plan.Blocks);
        for (int s = 1; s < 3; s++) Assert.Equal(plan.Shares[0], plan.Shares[s] / plan.Shares[s - 1], 9);
        Assert.Matches("42 ?% of the dense net's cost or more, got 30 ?%", Assert.Throws<SpecException>(() => PruningPlanning.Equal(config, Ms, 0.3 * dense)).Message);

        double macs = PruningPlanning.Macs(config)(PruningPlan.Dense);
        Assert.InRange(PruningPlanning.Macs(config)(PruningPlanning.ForCut(config, 0.45)), 0.53 * macs, 0.55 * macs);   // patches are whole
    }

    [Fact]
    public void AnInsertionIsTheSameAfterItWasWrittenDown()
    {
        SelectorInsertion state = SelectorInsertion.Begin(8).Tell(90).Tell(89.8).Tell(80).Tell(89.9);
        string text = System.Text.Json.JsonSerializer.Serialize(state, StudyJson.Options);
        Assert.Equal(state, System.Text.Json.JsonSerializer.Deserialize<SelectorInsertion>(text, StudyJson.Options));
    }

    [Theory]
    [InlineData(8, "7,6,5,4,3,2")]
    [InlineData(12, "11,10,9,8,7,6,5,4,3")]
    [InlineData(16, "15,13,11,9,7,5")]
    [InlineData(4, "3,2,1")]
    public void SelectorsAreInsertedFromTheLastBlockForwards(int depth, string blocks) => Assert.Equal(blocks, string.Join(',', SelectorInsertion.Begin(depth).Order.AsEnumerable()));

    [Fact]
    public void ASharesAreLoweredWhileAccuracyStaysWithinHalfAPoint()
    {
        // Accuracy falls by 0.2 points for each tenth that is dropped before block 7, by 10 anywhere else.
        SelectorInsertion state = SelectorInsertion.Begin(8);
        List<PruningPlan> asked = [];
        while (state.Asks is { } plan && asked.Count < 100)
        {
            asked.Add(plan);
            double accuracy = 90;
            for (int s = 0; s < plan.Blocks.Count; s++) accuracy -= 10 * (1 - plan.Shares[s]) * (plan.Blocks[s] == 7 ? 0.2 : 10);
            state = state.Tell(accuracy);
        }
        Assert.Equal(PruningPlan.Dense, asked[0]);
        Assert.Equal(new PruningPlan([7], [0.8]), state.Plan);                 // 0.2 and 0.4 points lost are accepted, 0.6 are not
        Assert.Equal(9, asked.Count);                                          // dense, three shares before block 7, one before each of the five others
    }

    [Fact]
    public void AnEarlierSelectorHoldsLaterOnesDown()
    {
        SelectorInsertion state = new([6, 2], new PruningPlan([6], [0.9]), 80, 80, 1, 3);
        Assert.Equal(new PruningPlan([2, 6], [0.7, 0.7]), state.Asks);
    }

    [Fact]
    public void TrainingFollowsWhatIsAsked()
    {
        PruningConfig config = SmallVit.HeatVit.Pruning with { TuneEpochs = 1 };
        ImageSet train = SmallVit.Images(64), validation = SmallVit.Images(40, seed: 3);
        byte[] weights = PruningTraining.Run(config, train, null, null, null, TimeProvider.System, default);
        SelectorInsertion state = SelectorInsertion.Begin(4);
        var (next, same) = LatencyAwareTraining.Next(config, state, weights, train, validation, null, TimeProvider.System, default);
        Assert.Same(weights, same);                                            // the dense net needs no training
        Assert.Equal(new PruningPlan([3], [0.9]), next.Asks);
        var (after, trained) = LatencyAwareTraining.Next(config, next, same, train, validation, null, TimeProvider.System, default);
        Assert.Equal(after.Plan == next.Asks, trained != weights);
    }

    [Fact]
    public void TheTableOfADeviceFallsWithTheShare()
    {
        var device = new Hone.Devices.Fpga.FpgaDevice(Hone.Devices.Fpga.BoardCatalog.Zcu102EighthInt);
        PruningConfig config = HeatVitConfig.Start with { Shape = VitShape.Cifar10 };
        int engine = device.IndexOf("3x32x4-w8a8");
        LatencyTable table = LatencyTable.Of(config, w => device.LatencyMs(w, engine));
        for (int i = 1; i < table.Ms.Count; i++) Assert.True(table.Ms[i] <= table.Ms[i - 1]);
        Assert.True(table.At(0.2) > 0.2 * table.At(1) * 1.5);                  // it flattens: loading weights binds

        // Budgets are met by the price of the whole net too, within a token's worth.
        double Price(PruningPlan plan) => device.LatencyMs(PruningWorkload.Lower(plan, config), engine);
        PruningPlan start = new([2, 4, 6], [0.7, 0.49, 0.343]);
        foreach (double share in (double[])[0.8, 0.65])
        {
            double budget = share * Price(PruningPlan.Dense);
            Assert.InRange(Price(LatencyPlanning.Scale(start, Price, budget)), 0.98 * budget, budget);
        }
        Assert.Throws<SpecException>(() => LatencyPlanning.Scale(start, Price, 0.5 * Price(PruningPlan.Dense)));   // two blocks are dense, and blocks of few tokens cost as much as their weights
    }
}
