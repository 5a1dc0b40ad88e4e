namespace Hone.Devices.Cpu.Vision.Heads;

/// <param name="Heads">h.</param>
/// <param name="Width">d.</param>
/// <param name="Count">n, tokens of the image.</param>
internal readonly record struct HeadSizes(int Heads, int Width, int Count);
