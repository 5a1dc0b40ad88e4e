using Hone.Contracts;
using Hone.Model;
using Hone.Silo.Slots;

namespace Hone.Cluster.Tests.Slots;

public class VerdictTests
{
    [Theory]
    [InlineData(JobKind.Prepare)]
    [InlineData(JobKind.Evaluate)]
    [InlineData(JobKind.Member)]
    public void WhatTheEvaluatorReportsIsAnAnswerWithItsCode(JobKind kind)
        => Assert.Equal(new JobFailure("diverged", "the loss is NaN"), Verdict.Of(kind, new EvaluationException("diverged", "the loss is NaN")));

    [Fact]
    public void OfAnEvaluationNothingElseIs()
    {
        foreach (Exception error in new Exception[] { new HoneException("blob 12 is damaged"), new SpecException("data.path: expected a folder"), new IOException("disk full"), new OutOfMemoryException() })
            Assert.Null(Verdict.Of(JobKind.Evaluate, error));
    }

    [Theory]
    [InlineData(JobKind.Prepare)]
    [InlineData(JobKind.Member)]
    [InlineData(JobKind.Check)]
    public void WhatTrainsOrFinishesStopsItsStudyWithAUsersErrorOnly(JobKind kind)
    {
        Assert.Equal(new JobFailure("refused", "data.path: expected a folder"), Verdict.Of(kind, new SpecException("data.path: expected a folder")));
        Assert.Null(Verdict.Of(kind, new IOException("disk full")));
    }

    [Fact]
    public void TheReasonNamesTheSlotAndWhatIsNoSentenceByItsType()
    {
        Assert.Equal("a/1/0: blob 12 is damaged", Verdict.Reason("a/1/0", new HoneException("blob 12 is damaged")));
        Assert.Equal("a/1/0: IOException: disk full", Verdict.Reason("a/1/0", new IOException("disk full")));
    }
}
