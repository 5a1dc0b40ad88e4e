namespace Hone.Devices.Cpu.Vision;

/// <summary>Parts of a run that are timed apart.</summary>
internal enum VisionPart { Stem, Entry, Scores, Moves, Qkv, Attention, Rows, Head }

/// <summary>Where the time of runs goes: since the last mark it went to the part that is marked.</summary>
internal sealed class VisionTimes(TimeProvider time)
{
    private readonly long[] _ticks = new long[Enum.GetValues<VisionPart>().Length];
    private long _last;

    public double Seconds(VisionPart part) => (double)_ticks[(int)part] / time.TimestampFrequency;

    /// <summary>Forgets what was.</summary>
    public void Clear() => Array.Clear(_ticks);

    public void Begin() => _last = time.GetTimestamp();

    public void Mark(VisionPart part)
    {
        long now = time.GetTimestamp();
        _ticks[(int)part] += now - _last;
        _last = now;
    }
}
