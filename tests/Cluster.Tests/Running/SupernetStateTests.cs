using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>The rules of training in rounds, without a cluster.</summary>
public class SupernetStateTests
{
    private const string Class = "class a";
    private static readonly BlobId Data = BlobId.Of("images"u8);

    private static BlobId Blob(string name) => BlobId.Of(System.Text.Encoding.UTF8.GetBytes(name));

    private static JobResult Ended(int shard, int round, bool last = false, string begin = "begin", string numerics = Class) =>
        new(Numerics: numerics, Data: Data, Round: new ShardEnd(shard, 2, round, Blob($"{begin}/{round}"), Blob($"end/{round}/{shard}"), last));

    private static TrainingCheckpoint Checkpoint(int shard, int round, long step, string numerics = Class) =>
        new(Blob($"checkpoint/{round}/{shard}/{step}"), step, numerics, Data, new ShardRound(shard, 2, round, null, []));

    private static string[] Ids(SupernetState state) => [.. state.Jobs("key", "{}", 2).Select(j => j.Id)];

    [Fact]
    public void ARoundEndsWithItsLastShardAndTheNextBeginsFromAllEnds()
    {
        var state = new SupernetState();
        Assert.Equal(["prepare/key/0/0", "prepare/key/0/1"], Ids(state));
        state = state.With(Ended(1, 0));
        Assert.Equal(["prepare/key/0/0"], Ids(state));
        state = state.With(Ended(0, 0));
        Assert.Equal(["prepare/key/1/0", "prepare/key/1/1"], Ids(state));
        Job job = state.Jobs("key", "{}", 2).First();
        Assert.Equal(new ShardRound(0, 2, 1, Blob("begin/0"), [Blob("end/0/0"), Blob("end/0/1")]), job.Round);
        Assert.Equal((Class, Data), (job.Numerics, job.Data));
        Assert.Equal([Blob("begin/0"), Blob("end/0/0"), Blob("end/0/1")], state.Blobs());
    }

    [Fact]
    public void AfterTheLastRoundTheWeightsAreMadeAndNothingElseIsKept()
    {
        SupernetState state = new SupernetState().With(Ended(0, 0, last: true)).With(Ended(1, 0, last: true));
        Job close = Assert.Single(state.Jobs("key", "{}", 2));
        Assert.Equal(("prepare/key/close", true, 1), (close.Id, close.Round!.Closes, close.Round.Number));
        Assert.Equal(state, state.With(Ended(0, 1)));
        state = state.With(new JobResult(Shared: Blob("weights"), Numerics: Class, Data: Data));
        Assert.Empty(Ids(state));
        Assert.Equal([Blob("weights")], state.Blobs());
        Assert.Equal(state, state.With(new JobResult(Shared: Blob("late weights"), Numerics: Class)));
    }

    [Fact]
    public void ACheckpointCountsForItsShardAndRoundAlone()
    {
        SupernetState state = new SupernetState().With(Checkpoint(1, 0, 10));
        Assert.Equal(Blob("checkpoint/0/1/10"), state.Jobs("key", "{}", 2).Last().Checkpoint);
        Assert.Null(state.Jobs("key", "{}", 2).First().Checkpoint);
        Assert.Equal(state, state.With(Checkpoint(1, 0, 9)));       // behind
        Assert.Equal(state, state.With(Checkpoint(1, 1, 20)));      // of a round that does not run
        Assert.Equal(state, state.With(Checkpoint(1, 0, 20, "class b")));
        Assert.Equal(Blob("checkpoint/0/1/10"), state.Latest(Checkpoint(1, 0, 9).Round)!.Blob);
        Assert.Null(state.Latest(Checkpoint(0, 0, 9).Round));
        state = state.With(Ended(1, 0));
        Assert.Equal(state, state.With(Checkpoint(1, 0, 30)));      // its round has ended
        Assert.DoesNotContain(Blob("checkpoint/0/1/10"), state.Blobs());
        Assert.Null(state.Latest(Checkpoint(1, 0, 9).Round));
    }

    [Fact]
    public void TheLastTwoCheckpointsOfEachShardAreKept()
    {
        SupernetState state = new SupernetState().With(Checkpoint(0, 0, 10)).With(Checkpoint(1, 0, 10)).With(Checkpoint(1, 0, 20)).With(Checkpoint(1, 0, 30));
        Assert.Equal([Blob("checkpoint/0/0/10"), Blob("checkpoint/0/1/30"), Blob("checkpoint/0/1/20")], state.Blobs());
        Assert.Equal(state, state.Without(_ => false));
        SupernetState older = state.Without(blob => blob == Blob("checkpoint/0/1/30"));
        Assert.Equal(Blob("checkpoint/0/1/20"), older.Latest(Checkpoint(1, 0, 0).Round)!.Blob);
        Assert.Equal(Blob("checkpoint/0/0/10"), older.Latest(Checkpoint(0, 0, 0).Round)!.Blob);
        Assert.Equal(Blob("checkpoint/0/1/30"), older.With(Checkpoint(1, 0, 30)).Latest(Checkpoint(1, 0, 0).Round)!.Blob);   // trained again
        Assert.Empty(state.Without(_ => true).Blobs());
    }

    [Fact]
    public void OfATrainingByOneToo()
    {
        TrainingCheckpoint At(long step) => new(Blob($"c/{step}"), step, Class, Data);
        SupernetState state = new SupernetState().With(At(5)).With(At(6)).With(At(7));
        Assert.Equal([Blob("c/7"), Blob("c/6")], state.Blobs());
        Assert.Equal((Blob("c/6"), 6L), state.Without(b => b == Blob("c/7")).Latest(null) is { } last ? (last.Blob, last.Step) : default);
        Assert.Equal(state.With(At(8)), state.Without(b => b == Blob("c/6")).With(At(8)));
        Assert.Null(state.Without(_ => true).Latest(null));
    }

    [Fact]
    public void AnAnswerThatIsLateTwiceOrOfAnotherClassChangesNothing()
    {
        SupernetState state = new SupernetState().With(Ended(0, 0));
        Assert.Equal(state, state.With(Ended(0, 0, begin: "other")));
        Assert.Equal(state, state.With(Ended(1, 0, numerics: "class b")));
        Assert.Equal(state, state.With(Ended(1, 1)));
        state = state.With(Ended(1, 0));
        Assert.Equal(state, state.With(Ended(1, 0)));
    }

    [Fact]
    public void ShardsThatBeganDifferentlyAreFoundOut()
    {
        SupernetState state = new SupernetState().With(Ended(0, 0));
        Assert.Null(state.Refuses(Ended(1, 0).Round!));
        Assert.Contains("shards 0 and 1 did not begin round 0", state.Refuses(Ended(1, 0, begin: "other").Round!), StringComparison.Ordinal);
    }

    [Fact]
    public void ATrainingByOneIsOneJobAsBefore()
    {
        SupernetState state = new SupernetState().With(new TrainingCheckpoint(Blob("c"), 5, Class, Data));
        Job job = Assert.Single(state.Jobs("key", "{}", 1));
        Assert.Equal(("prepare/key", Blob("c"), null), (job.Id, job.Checkpoint, job.Round));
        Assert.Equal(5, state.Latest(null)!.Step);
    }
}
