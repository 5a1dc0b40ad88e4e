namespace Hone.Devices.Cpu.Gemm;

internal static class Sizes
{
    /// <exception cref="ArgumentException">X is not M x K, or Y not M x N.</exception>
    public static void Check(int x, int y, int rows, int inputs, int outputs)
    {
        if (rows < 1 || x != (long)rows * inputs) throw new ArgumentException($"expected X to be M x {inputs} with M = {rows}, at least 1, got {x} elements");
        if (y != (long)rows * outputs) throw new ArgumentException($"expected Y to be {rows} x {outputs}, got {y} elements");
    }

    /// <exception cref="ArgumentException">Weights are not N x K.</exception>
    public static void Check(int weights, int outputs, int inputs)
    {
        if (outputs < 1 || inputs < 1 || weights != (long)outputs * inputs) throw new ArgumentException($"expected {outputs} x {inputs} weights, at least 1 x 1, got {weights}");
    }

    /// <exception cref="ArgumentException">There are biases, but not N.</exception>
    public static void Check(int bias, int outputs)
    {
        if (bias != 0 && bias != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias}");
    }
}
