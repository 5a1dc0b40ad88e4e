using System.Runtime.InteropServices;

namespace Hone.Neural.Elastic;

/// <summary>
/// Keeps freed memory in the process. Left alone, glibc hands the top of its heap back after every step and the next step faults it in again page
/// by page: 7,000 faults a step of the largest net, and a fifth of the time on a virtual machine [measured, README]. Does nothing where there is no glibc.
/// </summary>
internal static class NativeHeap
{
    private const int TrimThreshold = -1, TopPad = -2, MapThreshold = -3;   // malloc.h
    private const int Never = int.MaxValue, Growth = 64 << 20, Largest = 32 << 20;   // bytes; 32 MiB is the most that glibc takes
    private static int s_done;

    /// <summary>Once per process; costs nothing after that.</summary>
    public static void KeepFreed()
    {
        if (Interlocked.Exchange(ref s_done, 1) == 1 || !OperatingSystem.IsLinux()) return;
        try
        {
            _ = mallopt(MapThreshold, Largest);
            _ = mallopt(TrimThreshold, Never);
            _ = mallopt(TopPad, Growth);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // another C library: its allocator keeps its own counsel
        }
    }

    [DllImport("libc.so.6")]
    private static extern int mallopt(int parameter, int value);
}
