using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;
using Hone.Neural;

namespace Hone.Studies.Images;

/// <summary>Networks on the processor's own engine.</summary>
internal static class OnEngine
{
    /// <summary>Which images a network classifies correctly.</summary>
    public static CorrectBits Correct(VisionNet net, ImageSet images, int threads)
    {
        using var workers = new Workers(threads);
        return CorrectBits.Of(VisionSets.Run(net, images, workers).Logits, images.Labels, net.Classes);
    }
}
