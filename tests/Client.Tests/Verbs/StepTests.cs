using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Silo;
using Hone.Client.Verbs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public class StepTests
{
    private static StudySpec Spec(JsonNode? threads) => StudySpec.Parse((JsonObject)JsonNode.Parse(
        $$"""{"study":"x","method":"m","data":{"name":"n"},"objectives":[{"metric":"f1"}],"training":{{(threads is null ? "{}" : $$"""{"threads":{{threads.ToJsonString()}}}""")}}}""")!);

    [Theory]
    [InlineData(null, 8, 4)]
    [InlineData(1, 8, 8)]
    [InlineData(3, 8, 2)]
    [InlineData(16, 8, 1)]
    public void ASlotHasTheCoresOfItsThreadsTwoWhereTheStudyDoesNotSay(int? threads, int cores, int slots)
        => Assert.Equal(slots, RunVerb.Slots(Spec(threads is { } t ? JsonValue.Create(t) : null), cores));

    [Fact]
    public void ThreadsThatAreNoNumberAreAWrongRequest()
    {
        foreach (JsonNode wrong in new JsonNode[] { JsonValue.Create("two"), JsonValue.Create(0), JsonValue.Create(1.5), new JsonArray() })
            Assert.StartsWith("training.threads: expected", Assert.Throws<SpecException>(() => RunVerb.Slots(Spec(wrong), 8)).Message);
    }

    [Fact]
    public void APausedStudyGoesOnByTheCommandThatSubmitsItOrByResume()
    {
        StudyStatus paused = Samples.Status(StudyPhase.Paused, 40) with { Reason = "paused by request" };
        Assert.EndsWith("run the same command to go on", FollowStep.Ended(paused, watched: false).Message);
        Assert.EndsWith("`hone resume quasar-vit` goes on", FollowStep.Ended(paused, watched: true).Message);
    }

    [Fact]
    public async Task OneStudyThatDoesNotAnswerIsListedWithTheReason()
    {
        StudyStatus silent = await GrainCluster.OneAsync("zdt", () => Task.FromException<StudyStatus>(new TimeoutException("no answer\nin 30 s")));
        Assert.Equal(("zdt", "its status cannot be had: no answer in 30 s"), (silent.Study, silent.Reason));
        StudyStatus well = Samples.Status(StudyPhase.Done, 40);
        Assert.Same(well, await GrainCluster.OneAsync("zdt", () => Task.FromResult(well)));
        using StringWriter output = new(), error = new();
        Assert.Equal(0, await StatusVerb.Show(new Terminal(output, error, Live: false), [silent, well], json: true));
        Assert.Equal(2, JsonNode.Parse(output.ToString())!.AsArray().Count);
    }

    [Fact]
    public void ANoIsNoLoss()
    {
        foreach (Exception no in new Exception[] { new HoneException("expected a study that runs"), new SpecException("--trials"), new IOException("disk full") }) Assert.False(ClusterVisit.IsLoss(no));
        foreach (Exception loss in new Exception[] { new TimeoutException(), new SiloBusyException("busy"), new HoneException("expected a silo", new TimeoutException()) }) Assert.True(ClusterVisit.IsLoss(loss));
    }
}
