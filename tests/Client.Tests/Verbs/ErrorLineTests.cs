using Hone.Model;
using Orleans.Runtime;

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
    public void AClusterThatFallsSilentIsToldInOneLineThatSaysWhatToDo()
    {
        foreach (Exception lost in new Exception[] { new TimeoutException("Response did not arrive on time\nin 30 s"), new OrleansException("no gateway"), new Orleans.Runtime.SiloUnavailableException("gone") })
        {
            var (code, text) = Say(lost, false);
            Assert.Equal(1, code);
            Assert.Single(text.Trim().Split('\n'));
            Assert.Contains("the cluster stopped answering", text);
            Assert.Contains("run the same command again", text);
        }
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
