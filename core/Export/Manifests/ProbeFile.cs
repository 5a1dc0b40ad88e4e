using Hone.Model;

namespace Hone.Export;

/// <summary>probe.safetensors: a few images, their labels and the logits that the exported file gave for them.</summary>
internal static class ProbeFile
{
    private const string Images = "images", Labels = "labels", Logits = "logits";

    /// <param name="logits">Shape (N, classes).</param>
    public static byte[] Write(ImageSet images, float[] logits) => SafeTensorsWriter.Write(
    [
        SafeTensor.Of(Images, images.Pixels, images.Count, images.Channels, images.Height, images.Width),
        SafeTensor.Of(Labels, images.Labels, images.Count),
        SafeTensor.Of(Logits, logits, images.Count, images.Classes),
    ]);

    /// <exception cref="HoneException">Damaged, or the shapes do not belong together.</exception>
    public static (ImageSet Images, float[] Logits) Read(ReadOnlyMemory<byte> file)
    {
        SafeTensorsFile tensors = SafeTensorsReader.Read(file);
        SafeTensor images = tensors[Images], labels = tensors[Labels], logits = tensors[Logits];
        if (images is not { Type: TensorType.U8, Shape: [var n, var c, var h, var w] } || labels is not { Type: TensorType.U8, Shape: [var m] }
            || logits is not { Type: TensorType.F32, Shape: [var l, var classes] } || m != n || l != n || n < 1)
            throw new HoneException("expected a probe with images U8 (N, C, H, W), labels U8 (N) and logits F32 (N, classes); export the model again");
        return (new ImageSet(images.Data.ToArray(), labels.Data.ToArray(), (int)c, (int)h, (int)w, (int)classes), logits.ToFloats());
    }
}
