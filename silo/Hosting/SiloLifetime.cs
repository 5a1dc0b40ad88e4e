using System.Runtime.InteropServices;

namespace Hone.Silo.Hosting;

/// <summary>
/// Who may end a silo: SIGTERM, or the end of its parent's pipe; never an interrupt, which reaches the whole terminal and is the client's to judge.
/// The grace period after the end was asked for the process ends in any case: every state is durable.
/// </summary>
internal sealed class SiloLifetime(IHostApplicationLifetime application, SiloOptions options) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; End(); }));
        if (options.ParentStdin) new Thread(WaitForParent) { IsBackground = true, Name = "parent" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(s => s.Dispose());

    private void WaitForParent()
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }
        End();
    }

    private void End()
    {
        new Thread(() =>
        {
            Thread.Sleep(options.Network.Grace);
            Environment.Exit(1);
        }) { IsBackground = true, Name = "grace" }.Start();
        application.StopApplication();
    }
}
