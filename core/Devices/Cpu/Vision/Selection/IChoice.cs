using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Chooses the patches that a network reads, before its first block (<see cref="PatchChoice"/>).</summary>
internal unsafe interface IChoice
{
    /// <summary>Plans the next rows of a batch that has just begun: the class token and the chosen patches, in their order. Returns the multiplications.</summary>
    /// <param name="pixels">[images][channels][side][side].</param>
    long Plan(byte* pixels, VisionBatch batch, Workers workers);

    /// <param name="images">At most.</param>
    static IChoice? Of(VisionNet net, Workers workers, int images) => net.Choice switch
    {
        PatchChoice.ByVariance(var count) => new VarianceChoice(net, count, images),
        PatchChoice.BySelector(var selector) => new SelectorChoice(selector, workers, images),
        _ => null,
    };
}
