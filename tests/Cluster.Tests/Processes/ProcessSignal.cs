using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hone.Cluster.Tests.Processes;

/// <summary>The signals that the tests send: numbers of Linux on x86 and Arm.</summary>
internal enum ProcessSignal { Kill = 9, Terminate = 15, Continue = 18, Stop = 19 }

internal static class ProcessSignals
{
    public static void Send(this Process process, ProcessSignal signal) => Assert.Equal(0, Kill(process.Id, (int)signal));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
