namespace Hone.Neural.Elastic;

/// <summary>When a checkpoint is due: every 10 s or 2 % of the expected training time, whichever is longer.</summary>
internal sealed class SaveCadence(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private const double Share = 0.02;
    private readonly long _begin = time.GetTimestamp();
    private long _last = time.GetTimestamp();

    /// <param name="done">Steps made since this run began.</param>
    /// <param name="remaining">Steps still to make.</param>
    public bool Due(long done, long remaining)
    {
        if (done == 0) return false;
        TimeSpan expected = time.GetElapsedTime(_begin) * ((double)(done + remaining) / done);
        TimeSpan interval = expected * Share > Shortest ? expected * Share : Shortest;
        if (time.GetElapsedTime(_last) < interval) return false;
        _last = time.GetTimestamp();
        return true;
    }
}
