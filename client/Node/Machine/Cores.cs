using System.Runtime.InteropServices;

namespace Hone.Node.Machine;

/// <summary>Pins threads to cores, so that none is moved while it is measured. Linux only; elsewhere, and where the system refuses, threads stay where they are put.</summary>
internal static class Cores
{
    private const int Bytes = 128, Bits = 8;   // a set of 1,024 cores
    private static readonly int[] Allowed = OperatingSystem.IsLinux() ? Read() : [];

    /// <summary>Pins the calling thread to the core of that number among those that this process may use, counted from the last: the first ones serve interrupts more often.</summary>
    public static void Pin(int number)
    {
        if (number >= Allowed.Length) return;
        int core = Allowed[^(number + 1)];
        byte[] set = new byte[Bytes];
        set[core / Bits] = (byte)(1 << core % Bits);
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
