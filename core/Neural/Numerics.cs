using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Hone.Neural;

/// <summary>
/// What bit-equal results depend on beside the inputs: torch's version, the processor's vector level and the number of threads. Jobs of one
/// supernet go only to machines of one class.
/// </summary>
public static class Numerics
{
    /// <summary>For example "libtorch 2.10.0 avx512+bf16 threads 2".</summary>
    public static string Class(int threads) => $"{Machine} threads {threads}";

    /// <summary>The part that a machine brings; the threads come from the study.</summary>
    public static string Machine => $"libtorch {TorchLibrary.Version} {Level}";

    /// <summary>
    /// Whether this processor multiplies bfloat16 numbers; where it does not, libtorch converts each on its own, which makes a training step 10 to 20 times slower
    /// [measured]. A function of <see cref="Machine"/>.
    /// </summary>
    public static bool HasBFloat16 => Level.EndsWith(BFloat16Suffix, StringComparison.Ordinal);

    private const string BFloat16Suffix = "+bf16";

    private static string Level =>
        Avx512BW.IsSupported && Avx512F.VL.IsSupported ? "avx512" + (Avx512Bf16 ? BFloat16Suffix : "") : Avx2.IsSupported ? "avx2" : "default";

    /// <summary>CPUID leaf 7, sub-leaf 1, EAX bit 5.</summary>
    private static bool Avx512Bf16 => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1;
}
