namespace Hone.Node.Machine;

/// <summary>
/// The right to measure on this machine, which one process has at a time: two that measured at once would measure each other. An operating-system lock, which a process that dies lets go.
/// </summary>
internal sealed class MachineTurn : IDisposable
{
    private static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(5);
    private readonly FileStream? _held;

    private MachineTurn(FileStream? held) => _held = held;

    public static async Task<MachineTurn> TakeAsync(CancellationToken cancel)
    {
        string path = Path.Combine(Path.GetTempPath(), "hone-node.lock");
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new MachineTurn(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException)
            {
                return new MachineTurn(null);   // another user's file: the sentinel tells of neighbours
            }
            catch (IOException)
            {
                await Task.Delay(Ask, cancel);
            }
        }
    }

    public void Dispose() => _held?.Dispose();
}
