using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;

namespace Hone.Devices.Cpu.Vision;

/// <summary>What all blocks of a network share: who runs them, and working memory.</summary>
/// <param name="Wide">What qkv, the first layer of an MLP or a selector gives for a group of rows.</param>
/// <param name="Attended">What attention gives for a group.</param>
/// <param name="Sums">What is added to a group.</param>
internal sealed record Surroundings(Workers Workers, VisionSizes Sizes, RaggedHeads Heads, MoveStep Moves, RowBuffer Wide, RowBuffer Attended, RowBuffer Sums, float Epsilon)
{
    /// <summary>Null: nothing is timed.</summary>
    public VisionTimes? Times { get; set; }
}
