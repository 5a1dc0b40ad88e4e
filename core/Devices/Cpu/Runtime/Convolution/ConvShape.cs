using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>Sizes of a convolution. X is [batch][height][width][channels], Y [batch][out height][out width][outputs]; weights are [outputs][kernel height][kernel width][channels of a group].</summary>
internal readonly record struct ConvShape(int Batch, int Channels, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth, int Stride, int Padding, int Groups)
{
    public int OutHeight => (Height + 2 * Padding - KernelHeight) / Stride + 1;

    public int OutWidth => (Width + 2 * Padding - KernelWidth) / Stride + 1;

    /// <summary>Rows of Y: positions of all images.</summary>
    public int Positions => checked(Batch * OutHeight * OutWidth);

    /// <summary>Weights of an output.</summary>
    public int Inputs => KernelHeight * KernelWidth * (Channels / Groups);

    /// <summary>One image's channels, one after the other, are the rows of the product as they are.</summary>
    public bool IsPointwise => KernelHeight == 1 && KernelWidth == 1 && Stride == 1 && Padding == 0;

    /// <summary>Every channel has one output of its own.</summary>
    public bool IsDepthwise => Groups == Channels && Groups == Outputs;

    /// <summary>Image, and the place of the kernel's first element, of a row of Y; it may lie outside of the image.</summary>
    public (int Image, int Y, int X) At(int position)
    {
        int x = position % OutWidth, rest = position / OutWidth;
        return (rest / OutHeight, rest % OutHeight * Stride - Padding, x * Stride - Padding);
    }

    /// <summary>The first channel of an element of X; -1 outside of the image.</summary>
    public nint Element(int image, int y, int x) => (uint)y < (uint)Height && (uint)x < (uint)Width ? (((nint)image * Height + y) * Width + x) * Channels : -1;

    public static ConvShape Of(Op.Conv op, int batch) => new(
        batch, op.Weights.K / (op.KernelHeight * op.KernelWidth) * op.Groups, op.Height, op.Width, op.Weights.M, op.KernelHeight, op.KernelWidth, op.Stride, op.Padding, op.Groups);
}
