using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Turns pixel bytes into the 8-bit input codes of the patch embedding.</summary>
internal sealed class QuasarVitInput
{
    private readonly QuasarVitConfig _config;
    private readonly float[] _codeOf = new float[256];   // pixel byte -> code in [-128, 127]

    /// <exception cref="HoneException">The images are not of the configuration's shape.</exception>
    public QuasarVitInput(QuasarVitConfig config, ImageSet images)
    {
        if (images.Height != config.Side || images.Width != config.Side || images.Channels != config.Channels || images.Classes > config.Classes)
            throw new HoneException($"quasar-vit expected images of {config.Channels}x{config.Side}x{config.Side} in {config.Classes} classes, got "
                + $"{images.Channels}x{images.Height}x{images.Width} in {images.Classes}: choose another data set or change the model's side, channels or classes");
        _config = config;
        float step = (float)QuasarVitSupernet.InputStepOf(config);
        for (int p = 0; p < 256; p++)
            _codeOf[p] = Math.Clamp(MathF.Round((p / 255f - (float)config.Mean) / (float)config.Deviation / step), -128, 127);
    }

    /// <summary>Codes of one image, shape (patches, channel * y * x), cropped at (dx, dy) with black borders and mirrored if asked.</summary>
    public void Write(ReadOnlySpan<byte> pixels, Span<float> codes, int dx = 0, int dy = 0, bool mirror = false)
    {
        int side = _config.Side, patch = _config.Patch, across = side / patch, at = 0;
        for (int py = 0; py < across; py++)
            for (int px = 0; px < across; px++)
                for (int c = 0; c < _config.Channels; c++)
                    for (int y = py * patch; y < (py + 1) * patch; y++)
                        for (int x = px * patch; x < (px + 1) * patch; x++)
                        {
                            int sy = y + dy, sx = (mirror ? side - 1 - x : x) + dx;
                            bool inside = (uint)sy < (uint)side && (uint)sx < (uint)side;
                            codes[at++] = _codeOf[inside ? pixels[(c * side + sy) * side + sx] : 0];
                        }
    }

    /// <summary>Codes of whole images in order, shape (N, patches, K0) flattened.</summary>
    public float[] Codes(ImageSet images)
    {
        int length = _config.Patches * _config.PatchSize;
        float[] codes = new float[images.Count * length];
        for (int i = 0; i < images.Count; i++)
            Write(images.Pixels.AsSpan(i * images.Stride, images.Stride), codes.AsSpan(i * length, length));
        return codes;
    }
}
