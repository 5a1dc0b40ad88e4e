using TorchSharp;

namespace Hone.Neural;

/// <summary>The numbers that a training computes the branches of its blocks in; residual stream, norms and all evaluation are float32.</summary>
public enum Branches
{
    /// <summary>bfloat16 on a GPU and on a processor that multiplies it, else float32. The numerics class tells the two kinds of processor apart.</summary>
    Auto,

    BFloat16,

    Float32,
}

/// <summary>What a choice of branches is on a device.</summary>
internal static class BranchesExtensions
{
    public static torch.ScalarType On(this Branches branches, torch.Device device) =>
        branches == Branches.BFloat16 || (branches == Branches.Auto && (device.type != DeviceType.CPU || Numerics.HasBFloat16)) ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
}
