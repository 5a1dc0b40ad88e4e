namespace Hone.Devices.Cpu.Gemm;

internal static class Sizes
{
    /// <exception cref="ArgumentException">X is not M x K, or Y not M x N.</exception>
    public static void Check(int x, int y, int rows, int inputs, int outputs)
    {
        if (rows < 1 || x != (long)rows * inputs) throw new ArgumentException($"expected X to be M x {inputs} with M = {rows}, at least 1, got {x} elements");
        if (y != (long)rows * outputs) throw new ArgumentException($"expected Y to be {rows} x {outputs}, got {y} elements");
    }
}
