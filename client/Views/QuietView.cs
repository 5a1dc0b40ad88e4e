using Hone.Client.Follow;

namespace Hone.Client.Views;

/// <summary>Shows nothing: for what ends before anyone could look.</summary>
internal sealed class QuietView : IRunView
{
    public void Show(RunState state)
    {
    }

    public void Note(string line)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
