using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;

namespace Hone.Devices.Cpu.Vision;

/// <summary>What all blocks of a network share: who runs them, and working memory.</summary>
/// <param name="Qkv">What qkv gives.</param>
/// <param name="Attended">What attention gives.</param>
/// <param name="Hidden">What the first layer of an MLP gives for some rows of each worker.</param>
/// <param name="Sums">What is added to them.</param>
internal sealed record Surroundings(Workers Workers, VisionSizes Sizes, RaggedHeads Heads, MoveStep Moves, RowBuffer Qkv, RowBuffer Attended, RowBuffer Hidden, RowBuffer Sums, float Epsilon)
{
    /// <summary>Null: nothing is timed.</summary>
    public VisionTimes? Times { get; set; }
}
