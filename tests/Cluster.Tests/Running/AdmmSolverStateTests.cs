using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>The rules by which a solver's checkpoints and residuals are kept, without a cluster.</summary>
public class AdmmSolverStateTests
{
    private static BlobId Blob(long step) => BlobId.Of(BitConverter.GetBytes(step));

    private static TrainingCheckpoint At(long step, string numerics = "class a") => new(Blob(step), step, numerics, null);

    private static SolverPoint Point(long step) => new(step, 0.1, 1.0 / step, 2.0 / step);

    [Fact]
    public void TheLastTwoCheckpointsAreKeptWithWhatWasHeard()
    {
        AdmmSolverState state = new AdmmSolverState().With(At(1), [Point(1)]).With(At(2), [Point(2)]).With(At(3), [Point(3)]);
        Assert.Equal(At(3), state.Latest);
        Assert.Equal([Blob(3), Blob(2)], state.Checkpoints.Blobs());
        Assert.Equal([1L, 2L, 3L], state.Points.Select(p => p.Step));
        Assert.Equal(state, state.With(At(2), []));   // of an attempt that is behind
        Assert.Equal(state, state.With(At(9, "class b"), [Point(9)]));   // computed elsewhere: never gone on from
    }

    [Fact]
    public void WhatASolverTellsAgainTakesThePlaceOfWhatItToldBefore()
    {
        AdmmSolverState state = new AdmmSolverState().With(At(4), [Point(1), Point(2), Point(4)]).With(At(5), [Point(3), Point(5)]);
        Assert.Equal([1L, 2L, 3L, 5L], state.Points.Select(p => p.Step));
    }

    [Fact]
    public void WhereBytesAreLostItGoesOnFromTheOneBefore()
    {
        AdmmSolverState state = new AdmmSolverState().With(At(1), []).With(At(2), []);
        Assert.Equal(At(1), state.Without(b => b == Blob(2)).Latest);
        Assert.Null(state.Without(_ => true).Latest);
        Assert.Equal(state, state.Without(_ => false));
    }

    [Fact]
    public void ASolvedOneKeepsResidualsAndTakesNoCheckpoint()
    {
        AdmmSolverState state = new AdmmSolverState().With(At(1), [Point(1)]).Ended([Point(2)]);
        Assert.True(state is { Solved: true, Latest: null, Checkpoints.Count: 0, Points.Count: 2 });
        Assert.Equal(state, state.With(At(3), [Point(3)]));
    }
}
