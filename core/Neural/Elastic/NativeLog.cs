using System.Runtime.InteropServices;

namespace Hone.Neural.Elastic;

/// <summary>
/// Silences libtorch's warnings of the kind "could not initialize NNPACK", one per call on processors without it. Must run before libtorch is loaded: the
/// level is read from the native environment, which the runtime's own setter does not reach.
/// </summary>
internal static class NativeLog
{
    public static void ErrorsOnly()
    {
        if (OperatingSystem.IsLinux()) _ = setenv("TORCH_CPP_LOG_LEVEL", "ERROR", 0);
    }

    [DllImport("libc.so.6")]
    private static extern int setenv(string name, string value, int overwrite);
}
