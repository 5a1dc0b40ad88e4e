using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public class ErrorLineTests
{
    private static (int Code, string Text) Say(Exception error, bool verbose)
    {
        using var output = new StringWriter();
        return (ErrorLine.Say(error, output, verbose), output.ToString());
    }

    [Fact]
    public void WrongRequestsExitTwoAndEverythingElseOne()
    {
        Assert.Equal(2, Say(new SpecException("s"), false).Code);
        Assert.Equal(1, Say(new HoneException("h"), false).Code);
        Assert.Equal(1, Say(new IOException("No space left on device"), false).Code);
        Assert.Equal(1, Say(new InvalidOperationException("x"), false).Code);
        Assert.Equal(2, Say(new AggregateException(new SpecException("s")), false).Code);
    }

    [Fact]
    public void ATraceIsShownOnlyWhenAskedFor()
    {
        Exception thrown = Assert.Throws<InvalidOperationException>((Action)(() => throw new InvalidOperationException("first\nsecond")));
        Assert.Single(Say(thrown, false).Text.Trim().Split('\n'));
        Assert.Contains("--verbose", Say(thrown, false).Text);
        Assert.Contains("   at ", Say(thrown, true).Text);
    }
}
