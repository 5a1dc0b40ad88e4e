namespace Hone.Client.Views;

/// <summary>Says what is waited for, at once and then every ten seconds.</summary>
internal sealed class WaitNote(TextWriter to, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private long? _said;

    public void Say(string what)
    {
        if (_said is { } at && time.GetElapsedTime(at) < Every) return;
        _said = time.GetTimestamp();
        to.WriteLine("waits: " + what);
    }
}
