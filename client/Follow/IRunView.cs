namespace Hone.Client.Follow;

/// <summary>Shows a run while it goes: a live screen, plain lines or JSON lines.</summary>
internal interface IRunView : IAsyncDisposable
{
    /// <summary>Something changed. Called often; a view draws as seldom as it likes.</summary>
    void Show(RunState state);

    /// <summary>Something that a person should read once.</summary>
    void Note(string line);
}
