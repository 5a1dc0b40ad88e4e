using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>The rules alone, on plain states.</summary>
public class RequestsTests
{
    private static readonly BlobId Trained = BlobId.Of("trained"u8);

    private static StudyState At(StudyPhase phase, StudyPhase resumeAt = StudyPhase.Unknown, bool stopped = false) => new()
    {
        Spec = StudyRunTests.Spec(trials: 60), Submitted = StudyRunTests.Spec(trials: 60), Phase = phase, ResumeAt = resumeAt, StopAsked = stopped,
        Shared = phase == StudyPhase.Prepare || resumeAt == StudyPhase.Prepare ? null : Trained, Artifacts = phase == StudyPhase.Done ? [new Artifact("front.json", Trained)] : [],
    };

    [Theory]
    [InlineData(StudyPhase.Prepare)]
    [InlineData(StudyPhase.Search)]
    [InlineData(StudyPhase.Finish)]
    public void APauseIsTakenUpWhereItCameAndCountsOnce(StudyPhase phase)
    {
        StudyState state = At(phase);
        Assert.True(Requests.Pause(state));
        Assert.Equal((StudyPhase.Paused, Requests.Paused), (state.Phase, state.Reason));
        Assert.False(Requests.Pause(state));
        Assert.True(Requests.Resume(state));
        Assert.Equal((phase, null), (state.Phase, state.Reason));
        Assert.False(Requests.Resume(state));
    }

    [Theory]
    [InlineData(StudyPhase.Done)]
    [InlineData(StudyPhase.Failed)]
    public void WhatDoesNotRunCannotPauseAndIsLeftAsItIs(StudyPhase phase)
    {
        StudyState state = At(phase, StudyPhase.Search);
        Assert.Contains(phase.ToString().ToLowerInvariant(), Assert.Throws<HoneException>(() => Requests.Pause(state)).Message);
        Assert.Equal((phase, StudyPhase.Search), (state.Phase, state.ResumeAt));
    }

    [Theory]
    [InlineData(StudyPhase.Search, StudyPhase.Unknown)]
    [InlineData(StudyPhase.Paused, StudyPhase.Search)]
    [InlineData(StudyPhase.Failed, StudyPhase.Search)]
    public void AStopFinishesTheFrontOfWhatWasEvaluated(StudyPhase phase, StudyPhase resumeAt)
    {
        StudyState state = At(phase, resumeAt);
        Assert.True(Requests.Stop(state, evaluated: 5));
        Assert.Equal((StudyPhase.Finish, Requests.Stopped), (state.Phase, state.Reason));
        Assert.False(Requests.Stop(state, evaluated: 5));
    }

    [Theory]
    [InlineData(StudyPhase.Prepare, StudyPhase.Unknown, 0)]
    [InlineData(StudyPhase.Search, StudyPhase.Unknown, 0)]
    [InlineData(StudyPhase.Finish, StudyPhase.Unknown, 9)]
    [InlineData(StudyPhase.Paused, StudyPhase.Finish, 9)]
    [InlineData(StudyPhase.Done, StudyPhase.Search, 9)]
    public void AStopIsRefusedWhereThereIsNothingToDrawOrNothingToEnd(StudyPhase phase, StudyPhase resumeAt, int evaluated)
    {
        StudyState state = At(phase, resumeAt);
        Assert.Throws<HoneException>(() => Requests.Stop(state, evaluated));
        Assert.Equal((phase, false), (state.Phase, state.StopAsked));
    }

    [Fact]
    public void AStoppedStudyThatPausesStaysStopped()
    {
        StudyState state = At(StudyPhase.Search);
        Requests.Stop(state, 5);
        Requests.Pause(state);
        Requests.Submit(state, state.Submitted!);
        Assert.Equal((StudyPhase.Finish, Requests.Stopped), (state.Phase, state.Reason));
    }

    [Theory]
    [InlineData(StudyPhase.Done)]
    [InlineData(StudyPhase.Finish)]
    [InlineData(StudyPhase.Failed)]
    public void ResumingAStoppedStudySearchesOn(StudyPhase phase)
    {
        StudyState state = At(phase, StudyPhase.Finish, stopped: true);
        Assert.True(Requests.Resume(state));
        Assert.Equal((StudyPhase.Search, false, 0), (state.Phase, state.StopAsked, state.Artifacts.Count));
    }

    [Fact]
    public void ResumingWhatUsedItsBudgetNamesTheVerbThatHelps()
        => Assert.Contains("60 trials; `hone extend`", Assert.Throws<HoneException>(() => Requests.Resume(At(StudyPhase.Done))).Message);

    [Theory]
    [InlineData(60)]
    [InlineData(59)]
    [InlineData(-1)]
    public void ABudgetCanOnlyBeRaised(int trials)
    {
        StudyState state = At(StudyPhase.Done);
        string message = Assert.Throws<SpecException>(() => Requests.Extend(state, trials)).Message;
        Assert.Contains("60", message);
        Assert.Contains($"{trials}", message);
        Assert.Equal((StudyPhase.Done, 1), (state.Phase, state.Artifacts.Count));
    }

    [Fact]
    public void ABudgetBeyondWhatAStudyTakesIsRefusedAndLeavesItAsItWas()
    {
        StudyState state = At(StudyPhase.Done);
        Assert.Throws<SpecException>(() => Requests.Extend(state, int.MaxValue));
        Assert.Equal((StudyPhase.Done, StudyRunTests.Spec(trials: 60)), (state.Phase, state.Spec));
    }

    [Theory]
    [InlineData(StudyPhase.Prepare, StudyPhase.Unknown, StudyPhase.Prepare)]
    [InlineData(StudyPhase.Search, StudyPhase.Unknown, StudyPhase.Search)]
    [InlineData(StudyPhase.Finish, StudyPhase.Unknown, StudyPhase.Search)]
    [InlineData(StudyPhase.Done, StudyPhase.Unknown, StudyPhase.Search)]
    [InlineData(StudyPhase.Failed, StudyPhase.Finish, StudyPhase.Search)]
    [InlineData(StudyPhase.Paused, StudyPhase.Finish, StudyPhase.Paused)]
    public void AnExtensionChangesTheBudgetAndReopensTheSearch(StudyPhase phase, StudyPhase resumeAt, StudyPhase then)
    {
        StudyState state = At(phase, resumeAt);
        Assert.True(Requests.Extend(state, 100));
        Assert.Equal(StudyRunTests.Spec(trials: 100), state.Spec);
        Assert.Equal((then, 0), (state.Phase, state.Artifacts.Count));
        if (then == StudyPhase.Paused) Assert.Equal(StudyPhase.Search, state.ResumeAt);
    }

    [Fact]
    public void TheSubmittedFileStaysGoodAfterAnExtension()
    {
        StudyState state = At(StudyPhase.Done);
        Requests.Extend(state, 100);
        state.Phase = StudyPhase.Done;
        Assert.False(Requests.Submit(state, StudyRunTests.Spec(trials: 60)));
        Assert.False(Requests.Submit(state, StudyRunTests.Spec(trials: 100)));
        Assert.Contains("100", Assert.Throws<SpecException>(() => Requests.Submit(state, StudyRunTests.Spec(trials: 80))).Message);
        Assert.Equal(StudyRunTests.Spec(trials: 100), state.Spec);
        Assert.True(Requests.Submit(state, StudyRunTests.Spec(trials: 120)));
        Assert.Equal((StudyPhase.Search, StudyRunTests.Spec(trials: 120)), (state.Phase, state.Submitted));
    }

    [Fact]
    public void SubmittingAPausedStudyGoesOnWithIt()
    {
        StudyState state = At(StudyPhase.Paused, StudyPhase.Search);
        Assert.True(Requests.Submit(state, state.Submitted!));
        Assert.Equal((StudyPhase.Search, null), (state.Phase, state.Reason));
    }

    [Theory]
    [InlineData(StudyPhase.Done)]
    [InlineData(StudyPhase.Failed)]
    [InlineData(StudyPhase.Search)]
    public void FailedTrialsAreTriedAgainOnceHoweverOftenItIsAsked(StudyPhase phase)
    {
        StudyState state = At(phase);
        state.Shared = BlobId.Of("weights"u8);
        Assert.True(Requests.Retry(state, [3, 7]));
        Assert.Equal((StudyPhase.Search, 0), (state.Phase, state.Artifacts.Count));
        Assert.False(Requests.Retry(state, [3, 7]));
        Assert.True(Requests.Retry(state, [7, 61]));
        Assert.Equal([3, 7, 61], state.Retries);
    }

    [Fact]
    public void WithoutAFailedTrialOrAfterAStopNothingIsTriedAgain()
    {
        Assert.Contains("there is none", Assert.Throws<HoneException>(() => Requests.Retry(At(StudyPhase.Done), [])).Message);
        StudyState stopped = At(StudyPhase.Search);
        Requests.Stop(stopped, 5);
        Assert.Contains("hone resume", Assert.Throws<HoneException>(() => Requests.Retry(stopped, [3])).Message);
    }
}
