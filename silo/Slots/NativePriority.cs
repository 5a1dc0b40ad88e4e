using System.Runtime.InteropServices;

namespace Hone.Silo.Slots;

/// <summary>Lowers the calling thread below the rest of the process; on Linux only the system call does that, and threads born of it inherit it.</summary>
internal static class NativePriority
{
    private const int Process = 0, Niceness = 5;

    public static void Lower()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(Process, 0, Niceness);   // 0: this very thread
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int priority);
}
