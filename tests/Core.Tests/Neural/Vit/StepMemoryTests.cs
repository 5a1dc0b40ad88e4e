using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using Hone.Neural.Vit;
using Hone.Neural.Vit.DataTicket;
using Hone.Neural.Vit.TriLevel;
using TorchSharp;

namespace Hone.Core.Tests.Neural.Vit;

/// <summary>A tensor that slips into the scope around a training stays until its end, and with it all that its gradient was computed from.</summary>
public class StepMemoryTests
{
    private const long Steps = 10;
    private static readonly ImageSet Train = SmallVit.Images(64);
    private static readonly VitRun Run = SmallVit.Run with { Threads = 1 };   // scopes are a thread's own
    private static readonly PruningPlan First = new([1], [0.6]), Second = new([2], [0.6]);   // as many blocks behind the choice as it takes to be passed on to the scope that is looked at

    [Theory]
    [InlineData("selectors")]
    [InlineData("rule")]
    [InlineData("8 bits")]
    [InlineData("a ticket's selector")]
    [InlineData("three levels")]
    public void StepsLeaveNoTensorBehind(string what)
    {
        TrainingRun.Begin();
        using var dense = new VitNet(SmallVit.Shape, 1);
        using var teacher = new Teacher(dense, Run, Train, torch.ScalarType.Float32);
        using IRecipe recipe = Recipe(what, teacher);
        using var around = torch.NewDisposeScope();
        using var trainer = new VitTrainer(SmallVit.Shape, Run, Train, recipe, what, what);
        for (int i = 0; i < 3; i++) trainer.Next();
        Assert.Equal(0, around.DisposablesCount);
    }

    private static IRecipe Recipe(string what, Teacher teacher)
    {
        switch (what)
        {
            case "selectors": return new PruningRecipe(new PruningNet(SmallVit.Pruning), teacher, _ => First, null, Steps);
            case "rule": return new RuleRecipe(SmallVit.Pruning, new VitNet(SmallVit.Shape, 2), teacher, First, TokenRule.ClassAttention, Steps);
            case "8 bits":
                ArrayFile file = HeatVitModel.Open(HeatVitTraining.Run(SmallVit.HeatVit, Train, null, null, null, TimeProvider.System, default));
                return new HeatVitRecipe(SmallVit.HeatVit, HeatVitModel.Net(file, SmallVit.HeatVit.Pruning), HeatVitModel.Scales(file), teacher, _ => Second, null, Steps);
            case "a ticket's selector":
                var tickets = new DataTicketConfig { Shape = SmallVit.Shape, Dense = SmallVit.Run, Keeps = [0.6], Blocks = [1] };
                return new SelectorRecipe(tickets, new VitNet(SmallVit.Shape, 2), Steps);
            default:
                var levels = new TriLevelConfig { Shape = SmallVit.Shape, Run = SmallVit.Run, Blocks = [1], Keep = 0.7, Links = 0.4 };
                return new TriLevelRecipe(levels, new VitNet(SmallVit.Shape, 2), new ActiveExamples(levels, Train.Count), Train.Labels, 1, 0);   // at the end of its schedule from the first step on
        }
    }
}
