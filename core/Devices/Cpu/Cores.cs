using System.Runtime.InteropServices;

namespace Hone.Devices.Cpu;

/// <summary>Pins threads to cores, so that none is moved while it is measured. Linux only; elsewhere, and where the system refuses, threads stay where they are put.</summary>
public static class Cores
{
    private const int Bytes = 128, Bits = 8;   // a set of 1,024 cores
    private static readonly int[] Allowed = OperatingSystem.IsLinux() ? Read() : [];

    /// <summary>Pins the calling thread to the core of that number among those that this process may use, counted from the last: the first ones serve interrupts more often.</summary>
    public static void Pin(int number)
    {
        if (number >= Allowed.Length) return;
        Set([Allowed[^(number + 1)]]);
    }

    /// <summary>Runs it with the calling thread pinned, and gives the thread all cores again that this process may use. Threads that are made meanwhile would inherit the one.</summary>
    public static T Pinned<T>(int number, Func<T> run)
    {
        Pin(number);
        try
        {
            return run();
        }
        finally
        {
            if (Allowed.Length > 0) Set(Allowed);
        }
    }

    private static void Set(int[] cores)
    {
        byte[] set = new byte[Bytes];
        foreach (int core in cores) set[core / Bits] |= (byte)(1 << core % Bits);
        _ = SetAffinity(0, Bytes, set);   // 0: this very thread
    }

    private static int[] Read()
    {
        byte[] set = new byte[Bytes];
        try
        {
            int read = GetAffinity(0, Bytes, set);
            if (read < 0) return [];
        }
        catch (EntryPointNotFoundException)
        {
            return [];
        }
        return [.. Enumerable.Range(0, Bytes * Bits).Where(core => (set[core / Bits] >> core % Bits & 1) == 1)];
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity")]
    private static extern int SetAffinity(int thread, nuint size, byte[] set);

    [DllImport("libc", EntryPoint = "sched_getaffinity")]
    private static extern int GetAffinity(int thread, nuint size, byte[] set);
}
