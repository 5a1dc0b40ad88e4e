using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu;

/// <summary>Instructions that kernels are written in. Of a family of kernels, those for some of them exist; a later one of the same processor is the faster.</summary>
public enum InstructionSet { Scalar, AdvSimd, AdvSimdDp, Avx2, AvxVnni, Avx512 }

/// <summary>Which of them this process can run: a fact of its processor.</summary>
public static class InstructionSets
{
    /// <summary>The slowest, <see cref="InstructionSet.Scalar"/>, first.</summary>
    public static IReadOnlyList<InstructionSet> Available { get; } = [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    private static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.AdvSimd => AdvSimd.Arm64.IsSupported,
        InstructionSet.AdvSimdDp => AdvSimd.Arm64.IsSupported && Dp.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.AvxVnni => Avx2.IsSupported && AvxVnni.IsSupported,
        InstructionSet.Avx512 => Avx512BW.IsSupported,
        _ => false,
    };
}
