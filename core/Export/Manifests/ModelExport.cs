using Hone.Model;

namespace Hone.Export;

/// <summary>Writes a whole model folder: network, weights, probe and manifest, after the exported network has run on the test images.</summary>
public static class ModelExport
{
    // Between two orders of summation 1 image in 8 of a six-block network meets a rounding tie and moves by up to 0.15, the others by 1e-6
    // (README.md), so a different processor stays within 6 of 16; the processor that wrote the probe repeats it exactly.
    private const int ProbeImages = 16, MayDiffer = 6;
    private const double Tolerance = 1e-3;

    // A network in floats moves by 1e-4 at most (README.md), unless it chooses tokens and one of them lies within rounding of going on or not: then as far as a token is worth.
    private const int ChoosersMayDiffer = 2;

    /// <summary>Lowers a vision transformer to model.onnx and weights.safetensors and writes its folder.</summary>
    /// <param name="manifest">Who and what; <see cref="Manifest.Parity"/>, <see cref="Manifest.Probe"/> and <see cref="Manifest.Files"/> are filled in here.</param>
    /// <param name="test">The images to run on, at least one; the probe takes the first of them.</param>
    /// <param name="trained">Logits of the trained model for these images, shape (N, classes); empty when there are none.</param>
    /// <param name="beside">Further files for the folder; the manifest names them with their hashes as it does the others.</param>
    public static Manifest Write(
        string folder, Manifest manifest, VitModel model, ImageSet test, ReadOnlySpan<float> trained = default, int threads = 1, params IReadOnlyList<(string Name, byte[] Bytes)> beside) =>
        Write(folder, manifest, VitOnnx.Write(model), VitWeights.Write(model), test, trained, threads, beside);

    /// <summary>Lowers a vision transformer in floats, with or without token selectors; as for a <see cref="VitModel"/>.</summary>
    /// <exception cref="ArgumentException">The network contradicts itself (<see cref="VisionNetCheck"/>).</exception>
    public static Manifest Write(
        string folder, Manifest manifest, VisionNet net, ImageSet test, ReadOnlySpan<float> trained = default, int threads = 1, params IReadOnlyList<(string Name, byte[] Bytes)> beside)
    {
        bool chooses = net.Stages.Any(stage => stage.Blocks.Any(block => block.Selector is not null || block.Best is not null));
        return Write(folder, manifest, VisionOnnx.Write(net), VisionWeights.Write(net), test, trained, threads, beside, chooses ? ChoosersMayDiffer : 0);
    }

    /// <summary>Lowers HeatViT's integer network; as for a <see cref="VitModel"/>. Its numbers are exact, so no image may differ.</summary>
    /// <exception cref="ArgumentException">The network contradicts itself.</exception>
    public static Manifest Write(
        string folder, Manifest manifest, IntegerNet net, ImageSet test, ReadOnlySpan<float> trained = default, int threads = 1, params IReadOnlyList<(string Name, byte[] Bytes)> beside) =>
        Write(folder, manifest, IntegerOnnx.Write(net), IntegerWeights.Write(net), test, trained, threads, beside, 0);

    /// <summary>Writes the folder of a network that is lowered already.</summary>
    /// <param name="onnx">An image classifier as <see cref="ModelRunner"/> reads it.</param>
    /// <param name="weights">A safetensors file with the same weights.</param>
    /// <exception cref="HoneException">ONNX Runtime refuses the network, it does not fit the images, or the disk refuses.</exception>
    public static Manifest Write(string folder, Manifest manifest, byte[] onnx, byte[] weights, ImageSet test, ReadOnlySpan<float> trained = default, int threads = 1,
        params IReadOnlyList<(string Name, byte[] Bytes)> beside) => Write(folder, manifest, onnx, weights, test, trained, threads, beside, MayDiffer);

    private static Manifest Write(string folder, Manifest manifest, byte[] onnx, byte[] weights, ImageSet test, ReadOnlySpan<float> trained, int threads,
        IReadOnlyList<(string Name, byte[] Bytes)> beside, int mayDiffer)
    {
        using var runner = new ModelRunner(onnx, threads);
        if (test.Count == 0 || runner.Classes != test.Classes)
            throw new HoneException($"expected test images of {runner.Classes} classes, got {test.Count} images of {test.Classes}");
        float[] logits = runner.Logits(test);                                   // (N, classes)
        ImageSet probe = First(test, ProbeImages);
        manifest = manifest with
        {
            Parity = Compare(logits, trained, test),
            Probe = new Probe(ModelFolder.ProbeFile, probe.Count, Tolerance, probe.Count >= ProbeImages ? mayDiffer : 0),
        };
        return ModelFolder.Write(folder, manifest, [(ModelFolder.OnnxFile, onnx), (ModelFolder.WeightsFile, weights),
            (ModelFolder.ProbeFile, ProbeFile.Write(probe, logits[..(probe.Count * test.Classes)])), .. beside]);
    }

    /// <summary>The first images of a set.</summary>
    internal static ImageSet First(ImageSet images, int count)
    {
        count = Math.Min(count, images.Count);
        return images with { Pixels = images.Pixels[..(count * images.Stride)], Labels = images.Labels[..count] };
    }

    private static Parity Compare(float[] exported, ReadOnlySpan<float> trained, ImageSet test)
    {
        int correct = ModelRunner.Correct(exported, test.Labels, test.Classes);
        double accuracy = 100.0 * correct / test.Count;
        if (trained.IsEmpty) return new Parity(test.Count, null, null, correct, accuracy);
        if (trained.Length != exported.Length) throw new ArgumentException($"expected {exported.Length} logits of the trained model, got {trained.Length}");
        int agreeing = 0;
        for (int n = 0; n < test.Count; n++)
            if (ModelRunner.Best(trained.Slice(n * test.Classes, test.Classes)) == ModelRunner.Best(exported.AsSpan(n * test.Classes, test.Classes))) agreeing++;
        return new Parity(test.Count, (double)agreeing / test.Count, ModelVerifier.Difference(trained, exported), correct, accuracy);
    }
}
