using System.Runtime.InteropServices;

namespace Hone.Devices.Cpu.Gemm.Generated;

/// <summary>Memory for machine code. It is written first and made executable then: at no time is it both. It stays as long as the process.</summary>
internal static unsafe partial class CodeMemory
{
    private const int Read = 1, Write = 2, Execute = 4, Private = 2, Anonymous = 0x20;
    private static readonly byte[] Return = [0xC3];

    /// <summary>Whether this process may run code that it wrote: the system is one that this is written for, and does not forbid it.</summary>
    public static bool Allowed { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && TryPlace(Return) != 0;

    /// <returns>Where the code begins.</returns>
    /// <exception cref="InvalidOperationException">The system gives no such memory.</exception>
    public static nint Place(ReadOnlySpan<byte> code)
    {
        nint start = TryPlace(code);
        return start != 0 ? start : throw new InvalidOperationException($"expected {code.Length} bytes of executable memory, got none (error {Marshal.GetLastPInvokeError()}); a security policy may forbid it: kernels of the compiler do without");
    }

    private static nint TryPlace(ReadOnlySpan<byte> code)
    {
        nint start = Map(0, (nuint)code.Length, Read | Write, Private | Anonymous, -1, 0);
        if (start is 0 or -1) return 0;
        code.CopyTo(new Span<byte>((void*)start, code.Length));
        if (Protect(start, (nuint)code.Length, Read | Execute) == 0) return start;
        _ = Unmap(start, (nuint)code.Length);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
