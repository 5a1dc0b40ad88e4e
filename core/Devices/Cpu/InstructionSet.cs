using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu;

/// <summary>Instructions that kernels are written in. Of a family of kernels, those for some of them exist; a later one of the same processor is the faster.</summary>
public enum InstructionSet { Scalar, AdvSimd, AdvSimdDp, Avx2, AvxVnni, Avx512, Avx512Vnni, Avx512Bf16, Avx512Popcount }

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
        // Of these the compiler knows nothing: only generated code has them. Places of the bits: Intel's manual, CPUID leaf 7.
        InstructionSet.Avx512Vnni => Avx512BW.IsSupported && Leaf7(0).Ecx.HasBit(11),
        InstructionSet.Avx512Bf16 => Avx512BW.IsSupported && Leaf7(1).Eax.HasBit(5),
        InstructionSet.Avx512Popcount => Avx512BW.IsSupported && Leaf7(0).Ecx.HasBit(14),
        _ => false,
    };

    private static (int Eax, int Ebx, int Ecx, int Edx) Leaf7(int part) => X86Base.CpuId(0, 0).Eax >= 7 ? X86Base.CpuId(7, part) : default;

    private static bool HasBit(this int register, int bit) => (register >> bit & 1) != 0;
}
