namespace Hone.Model;

/// <summary>Whether the arrays of one layer have the shapes that it states.</summary>
internal static class LayerCheck
{
    /// <param name="m">Outputs expected.</param>
    /// <param name="k">Inputs expected.</param>
    public static void Check(LinearLayer layer, int m, int k)
    {
        if (layer.M != m || layer.K != k || m < 1) throw new ArgumentException($"'{layer.Name}': expected a layer of {m} x {k} (outputs, inputs), got {layer.M} x {layer.K}");
        Length($"'{layer.Name}' weights", layer.Weights, m, k);
        Length($"'{layer.Name}' bias", layer.Bias, m);
    }

    public static void Check(NormLayer norm, int width, string name)
    {
        Length($"{name} gain", norm.Gain, width);
        Length($"{name} bias", norm.Bias, width);
    }

    /// <returns>The side of its outputs.</returns>
    /// <param name="inputs">Channels expected.</param>
    /// <param name="side">Of its inputs.</param>
    public static int Check(ConvLayer conv, int inputs, int side)
    {
        string name = $"'{conv.Name}'";
        if (conv.Inputs != inputs || conv.M < 1) throw new ArgumentException($"{name}: expected {inputs} input channels and at least one output channel, got {conv.Inputs} and {conv.M}");
        if (conv.Kernel < 1 || conv.Stride < 1) throw new ArgumentException($"{name}: expected a kernel and a stride of at least 1, got {conv.Kernel} and {conv.Stride}");
        if (conv.Padding < 0 || conv.Padding >= conv.Kernel)
            throw new ArgumentException($"{name}: expected a padding of 0..{conv.Kernel - 1}, so that every field holds a part of the image, got {conv.Padding}");
        if (conv.Groups < 1 || inputs % conv.Groups != 0 || conv.M % conv.Groups != 0)
            throw new ArgumentException($"{name}: expected groups that divide {inputs} inputs and {conv.M} outputs, got {conv.Groups}");
        if (side + 2 * conv.Padding < conv.Kernel)
            throw new ArgumentException($"{name}: a kernel of {conv.Kernel} does not fit a side of {side} with padding {conv.Padding}; use a smaller kernel or larger images");
        Length($"{name} weights", conv.Weights, conv.M, inputs / conv.Groups, conv.Kernel, conv.Kernel);
        Length($"{name} bias", conv.Bias, conv.M);
        return conv.Out(side);
    }

    public static void Length(string what, float[] values, params ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int length in shape) count *= length;
        if (values.Length != count) throw new ArgumentException($"{what}: expected {count} values, shape ({string.Join(", ", shape.ToArray())}), got {values.Length}");
    }
}
