using Hone.Client.Follow;

namespace Hone.Client.Chaos;

/// <summary>Keeps what the last update said.</summary>
internal sealed class ChaosView(Action<string> note) : IRunView
{
    /// <summary>Trials committed, as last heard.</summary>
    public int Committed { get; private set; }

    public void Show(RunState state) => Committed = Math.Max(Committed, state.Status.Counts.Committed);

    public void Note(string line) => note(line);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
