namespace Hone.Devices.Cpu.Gemm;

/// <summary>Outputs in a row whose weights are alike.</summary>
/// <param name="Outputs">How many.</param>
/// <param name="Bits">4 or 8.</param>
/// <param name="Group">Inputs that share a scale, a multiple of <see cref="CodeGemm.GroupUnit"/>; 0 for all of them.</param>
public readonly record struct CodePart(int Outputs, int Bits, int Group = 0)
{
    /// <summary>Scales of an output.</summary>
    public int Scales(int inputs) => Group == 0 ? 1 : (inputs + Group - 1) / Group;
}
