using System.Runtime.InteropServices;

namespace Hone.Client.Verbs;

/// <summary>The first interrupt (or SIGTERM, SIGHUP) asks for a graceful stop; the second ends everything at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _first, _second;
    private int _count;

    /// <param name="first">Says that a stop was asked for.</param>
    /// <param name="second">Ends what was started; the process exits right after.</param>
    public StopSignals(Action first, Action second)
    {
        (_first, _second) = (first, second);
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _first();
            _stop.Cancel();
            return;
        }
        _second();
        Environment.Exit(ErrorLine.Failed);
    }
}
