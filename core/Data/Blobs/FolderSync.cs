using System.Runtime.InteropServices;

namespace Hone.Data;

/// <summary>
/// Syncs a folder, so that a name given in it survives a power cut as the bytes do. .NET opens no folders, so on Linux the system is called; elsewhere, and
/// on file systems that refuse, the rename is as durable as the system makes it.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0x80000;   // O_RDONLY | O_CLOEXEC

    public static void Sync(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        int handle = Open(folder, ReadOnly);
        if (handle < 0) return;
        _ = Fsync(handle);
        _ = Close(handle);
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
