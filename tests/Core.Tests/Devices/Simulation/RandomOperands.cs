using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Simulation;

/// <summary>Operands for simulated products.</summary>
internal static class RandomOperands
{
    /// <summary>Codes over the whole range of each row's weights and of the activations (at most 8 bits), or its two ends alone.</summary>
    public static Operands Of(GemmShape shape, EngineKind kind, bool signed, bool extreme, Chance chance)
    {
        int heads = Math.Max(shape.Heads, 1), bits = Math.Min(8, Math.Max(shape.InputBits, 6));
        if (kind.Pack == 2) signed = true;   // the slice takes two signed bytes
        (int low, int high) = signed ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
        short[] weights = new short[heads * shape.Rows * shape.K], activations = new short[heads * shape.K * shape.Columns];
        for (int w = 0; w < weights.Length; w++) weights[w] = (w / shape.K % shape.Rows) < shape.Rows4 ? Draw(-8, 7) : Draw(-128, 127);
        for (int a = 0; a < activations.Length; a++) activations[a] = Draw(low, high);
        return new Operands(weights, activations, signed);

        short Draw(int least, int most) => (short)(extreme ? chance.Next(2) == 0 ? least : most : least + chance.Next(most - least + 1));
    }
}
