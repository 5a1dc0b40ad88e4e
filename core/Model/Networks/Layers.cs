namespace Hone.Model;

/// <summary>y = x W^T + b.</summary>
/// <param name="Name">Unique in its network; letters, digits, dots and underscores.</param>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="Weights">Shape (M, K), row by row.</param>
/// <param name="Bias">Shape (M).</param>
public sealed record LinearLayer(string Name, int M, int K, float[] Weights, float[] Bias);

/// <summary>Layer norm over the last axis; both arrays have shape (C).</summary>
public sealed record NormLayer(float[] Gain, float[] Bias);

/// <summary>A convolution over (channels, height, width), zeros around the image.</summary>
/// <param name="Name">As for a linear layer.</param>
/// <param name="Weights">Shape (M, inputs / groups, kernel, kernel).</param>
/// <param name="Bias">Shape (M).</param>
/// <param name="M">Output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Groups">1, or the inputs for a depthwise one.</param>
/// <param name="Relu">Whether negative outputs become 0.</param>
public sealed record ConvLayer(string Name, int M, int Inputs, int Kernel, int Stride, int Padding, int Groups, float[] Weights, float[] Bias, bool Relu = false)
{
    /// <summary>Outputs along an axis of so many inputs.</summary>
    public int Out(int size) => (size + 2 * Padding - Kernel) / Stride + 1;
}
