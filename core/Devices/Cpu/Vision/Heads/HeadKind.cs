namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>What of its attention the patches of a block are judged by, later.</summary>
internal enum Means
{
    None,

    /// <summary>The class token's.</summary>
    ClassToken,

    /// <summary>That of all tokens.</summary>
    All,
}

/// <summary>The attention of one block.</summary>
/// <param name="Heads">h.</param>
/// <param name="Width">d.</param>
/// <param name="Window">Null: tokens see each other wherever they are.</param>
/// <param name="Means">What of it is to be kept.</param>
internal sealed record HeadKind(int Heads, int Width, WindowBias? Window, Means Means);
