using System.Runtime.InteropServices;

namespace Hone.Devices.Cpu;

/// <summary>The time that the calling thread has spent on a processor, which does not grow while others have it. Linux only; elsewhere the system's clock.</summary>
public sealed class ThreadClock : TimeProvider
{
    private const int ThreadTime = 3;   // CLOCK_THREAD_CPUTIME_ID
    private const long Nanoseconds = 1_000_000_000;

    public static ThreadClock Instance { get; } = new();

    public override long TimestampFrequency => OperatingSystem.IsLinux() ? Nanoseconds : System.TimestampFrequency;

    public override long GetTimestamp() => OperatingSystem.IsLinux() && GetTime(ThreadTime, out Time time) == 0 ? (time.Seconds * Nanoseconds) + time.Nanoseconds : System.GetTimestamp();

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds, Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time time);
}
