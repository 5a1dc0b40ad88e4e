using Hone.Model;

namespace Hone.Export;

/// <summary>Re-runs an exported model without the framework that trained it and compares it with its manifest.</summary>
public static class ModelVerifier
{
    /// <summary>Percentage points by which the accuracy on the test images may differ from the manifest's.</summary>
    public const double AccuracyTolerance = 0.2;

    /// <summary>
    /// Compares every file with its hash, then runs model.onnx on the probe and, when given, on the first images of the test set.
    /// Nothing is run when a hash differs.
    /// </summary>
    /// <exception cref="HoneException">There is no readable manifest.</exception>
    public static VerifyReport Verify(string folder, ImageSet? test = null, int threads = 1)
    {
        Manifest manifest = ModelFolder.ReadManifest(folder);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        List<Check> checks = [.. manifest.Files.Select(file => Hash(folder, file, files))];
        if (manifest.Files.Count == 0) checks.Add(new Check("hashes", false, "the manifest lists no file"));
        if (manifest.Probe is null && files.ContainsKey(ModelFolder.OnnxFile)) checks.Add(new Check("probe", false, $"the manifest states no probe to run {ModelFolder.OnnxFile} on"));
        if (manifest.Probe is { } probe && checks.TrueForAll(check => check.Passed)) Run(manifest, probe, files, test, threads, checks);
        return new VerifyReport(folder, manifest, checks.ToValueList());
    }

    private static Check Hash(string folder, ManifestFile file, Dictionary<string, byte[]> files)
    {
        if (!ModelFolder.IsPlain(file.Name)) return Failed($"the manifest names '{file.Name}', which is no plain file name");
        string path = Path.Combine(folder, file.Name);
        if (!File.Exists(path)) return Failed($"{file.Name} is missing");
        if (new FileInfo(path).LinkTarget is not null) return Failed($"{file.Name} is a link; expected the file itself");
        byte[] bytes;
        try { bytes = File.ReadAllBytes(path); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return Failed($"cannot read {file.Name}: {error.Message}"); }
        if (bytes.Length != file.Bytes) return Failed($"{file.Name} has {bytes.Length} bytes, expected {file.Bytes}");
        BlobId hash = BlobId.Of(bytes);
        if (hash != file.Sha256) return Failed($"{file.Name} has SHA-256 {hash.Hex[..12]}.., expected {file.Sha256.Hex[..12]}..");
        return files.TryAdd(file.Name, bytes) ? new Check("hashes", true, $"{file.Name}: {bytes.Length} bytes, SHA-256 {hash.Hex[..12]}..")
            : Failed($"the manifest lists {file.Name} twice");

        static Check Failed(string text) => new("hashes", false, text);
    }

    private static void Run(Manifest manifest, Probe probe, Dictionary<string, byte[]> files, ImageSet? test, int threads, List<Check> checks)
    {
        if (!files.TryGetValue(ModelFolder.OnnxFile, out byte[]? onnx) || !files.TryGetValue(probe.File, out byte[]? expected))
        {
            checks.Add(new Check("probe", false, $"the manifest must list {ModelFolder.OnnxFile} and {probe.File}"));
            return;
        }
        try
        {
            using var runner = new ModelRunner(onnx, threads);
            checks.Add(Compare(runner, probe, expected));
            if (test is not null && manifest.Parity is { } parity) checks.Add(Accuracy(runner, parity, test));
        }
        catch (HoneException error) { checks.Add(new Check("probe", false, error.Message)); }
    }

    private static Check Compare(ModelRunner runner, Probe probe, byte[] file)
    {
        (ImageSet images, float[] expected) = ProbeFile.Read(file);
        if (images.Count != probe.Images || images.Classes != runner.Classes)
            return new Check("probe", false, $"the probe has {images.Count} images of {images.Classes} classes, expected {probe.Images} of {runner.Classes}");
        float[] logits = runner.Logits(images);
        int beyond = 0, moved = 0;
        double largest = 0;
        for (int n = 0; n < images.Count; n++)
        {
            ReadOnlySpan<float> came = logits.AsSpan(n * runner.Classes, runner.Classes), stated = expected.AsSpan(n * runner.Classes, runner.Classes);
            double difference = Difference(came, stated);
            largest = Math.Max(largest, difference);
            if (difference <= probe.Tolerance) continue;
            beyond++;
            if (ModelRunner.Best(came) != ModelRunner.Best(stated)) moved++;
        }
        string text = FormattableString.Invariant(
            $"probe: {images.Count - beyond} of {images.Count} images within {probe.Tolerance:g2} of the expected logits (largest difference {largest:g2})");
        if (moved > 0) text += $", {moved} of them in another class";
        return new Check("probe", beyond <= probe.MayDiffer && moved == 0, text);
    }

    private static Check Accuracy(ModelRunner runner, Parity parity, ImageSet test)
    {
        if (test.Count < parity.Images) return new Check("accuracy", false, $"the manifest speaks of {parity.Images} test images, the given set has {test.Count}");
        ImageSet first = ModelExport.First(test, parity.Images);
        int correct = ModelRunner.Correct(runner.Logits(first), first.Labels, runner.Classes);
        double accuracy = 100.0 * correct / parity.Images;
        return new Check("accuracy", Math.Abs(accuracy - parity.TestAccuracy) <= AccuracyTolerance, FormattableString.Invariant(
            $"accuracy on {parity.Images} test images: {accuracy:0.00} %, the manifest says {parity.TestAccuracy:0.00} % (tolerance {AccuracyTolerance} points)"));
    }

    /// <summary>The largest absolute difference; infinite when any is not a number.</summary>
    internal static double Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = Math.Abs((double)a[i] - b[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
        return largest;
    }
}
