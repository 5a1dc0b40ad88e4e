using Hone.Client.Silo;
using Hone.Contracts;

namespace Hone.Client.Cluster;

/// <summary>Keeps an eye on another command's silo on a data folder: its pid file goes when it begins to stop, its lock when it dies.</summary>
internal sealed class SiloWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _gone = new();
    private readonly Timer _timer;

    public SiloWatch(string dataDir)
    {
        string path = Path.Combine(dataDir, ClusterAddress.PidFile);
        int? pid = SiloProcess.PidIn(path);
        _timer = new Timer(_ =>
        {
            if (pid is null || SiloProcess.PidIn(path) != pid || !ClusterAddress.IsHeld(dataDir)) _gone.Cancel();
        }, null, TimeSpan.Zero, Every);
    }

    /// <summary>Is cancelled when the silo that was there is there no more.</summary>
    public CancellationToken Gone => _gone.Token;

    public void Dispose() => _timer.Dispose();   // the source stays: a tick may be under way
}
