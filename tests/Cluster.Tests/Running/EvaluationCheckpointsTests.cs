using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>The rules by which open evaluations keep their checkpoints, without a cluster.</summary>
public class EvaluationCheckpointsTests
{
    private static BlobId Blob(string job, long step) => BlobId.Of(System.Text.Encoding.UTF8.GetBytes($"{job} {step}"));

    private static TrainingCheckpoint At(string job, long step) => new(Blob(job, step), step, "class a", null);

    private static ValueList<EvaluationCheckpoint> Of(params (string Job, long Step)[] saved) =>
        saved.Aggregate(default(ValueList<EvaluationCheckpoint>), (all, s) => all.With(s.Job, At(s.Job, s.Step), 3));

    [Fact]
    public void OfEachEvaluationTheLastTwoAreKeptWhateverComesLate()
    {
        var all = Of(("a", 1), ("b", 1), ("a", 2), ("a", 3));
        Assert.Equal(new EvaluationCheckpoint("a", Blob("a", 3), 3, Blob("a", 2), 2), all.Of("a"));
        Assert.Equal(new EvaluationCheckpoint("b", Blob("b", 1), 1), all.Of("b"));
        Assert.Equal(all, all.With("a", At("a", 3), 3));
        Assert.Equal(all, all.With("a", At("a", 2), 3));   // of an attempt that is behind
        Assert.Null(all.Of("c"));
        Assert.Equal([Blob("b", 1), Blob("a", 3), Blob("a", 2)], all.Blobs());
    }

    [Fact]
    public void WhatIsOverIsForgotten()
    {
        var all = Of(("a", 1), ("b", 1));
        Assert.Equal(["b"], all.Without(["a", "x"]).Select(c => c.Job));
        Assert.Equal(all, all.Without(["x"]));
    }

    [Fact]
    public void WhereBytesAreLostTheCheckpointBeforeOrTheBeginningIsGoneOnFrom()
    {
        var all = Of(("a", 1), ("a", 2), ("b", 1));
        Assert.Equal(new EvaluationCheckpoint("a", Blob("a", 1), 1), all.Without(b => b == Blob("a", 2)).Of("a"));
        Assert.Equal(new EvaluationCheckpoint("a", Blob("a", 2), 2), all.Without(b => b == Blob("a", 1)).Of("a"));
        Assert.Null(all.Without(b => b == Blob("b", 1)).Of("b"));
        Assert.Equal(all, all.Without(_ => false));
        Assert.Empty(all.Without(_ => true));
    }

    [Fact]
    public void NoMoreAreKeptThanAreOpenAndTheOneWithoutNewsGoesFirst() =>
        Assert.Equal(["c", "b", "d"], Of(("a", 1), ("b", 1), ("c", 1), ("b", 2), ("d", 1)).Select(c => c.Job));
}
