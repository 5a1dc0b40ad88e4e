using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit;

/// <summary>The 8-bit input codes of the patch embedding.</summary>
internal static class QuasarVitInput
{
    /// <exception cref="HoneException">The images are not of the configuration's shape.</exception>
    public static PatchReader Reader(QuasarVitConfig config, ImageSet images)
    {
        if (images.Height != config.Side || images.Width != config.Side || images.Channels != config.Channels || images.Classes > config.Classes)
            throw new HoneException($"quasar-vit expected images of {config.Channels}x{config.Side}x{config.Side} in {config.Classes} classes, got "
                + $"{images.Channels}x{images.Height}x{images.Width} in {images.Classes}: choose another data set or change the model's side, channels or classes");
        float step = (float)QuasarVitSupernet.InputStepOf(config);
        float[] codeOf = new float[256];                                       // pixel byte -> code in [-128, 127]
        for (int p = 0; p < 256; p++)
            codeOf[p] = Math.Clamp(MathF.Round((p / 255f - (float)config.Mean) / (float)config.Deviation / step), -128, 127);
        return new PatchReader(config.Channels, config.Side, config.Patch, codeOf);
    }
}
