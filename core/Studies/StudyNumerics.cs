using System.Runtime.Intrinsics.X86;

namespace Hone.Studies;

/// <summary>What floating-point results depend on besides the thread count: the torch release and the CPU level that its kernels choose.</summary>
public static class StudyNumerics
{
    /// <summary>For example "torch-2.10.0/avx512".</summary>
    public static string OfThisMachine() => $"torch-{TorchRelease}/{CpuLevel}";

    private const string TorchRelease = "2.10.0";

    private static string CpuLevel => Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "default";
}
