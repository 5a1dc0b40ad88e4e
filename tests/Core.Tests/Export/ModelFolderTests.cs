using System.Text;
using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public sealed class ModelFolderTests : IDisposable
{
    private static readonly ImageSet Test = RandomVit.Images(21, 40);
    private static readonly VitModel Vit = RandomVit.Model(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("hone-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AFreshFolderVerifiesWithAndWithoutTheTestSet()
    {
        Manifest manifest = Export();
        Assert.Equal(["model.onnx", "probe.safetensors", "weights.safetensors"], manifest.Files.Select(file => file.Name));
        VerifyReport alone = ModelVerifier.Verify(_folder), tested = ModelVerifier.Verify(_folder, Test);
        Assert.True(tested.Passed, string.Join("\n", tested.Checks));
        Assert.True(alone.Passed);
        Assert.Equal(["hashes", "hashes", "hashes", "probe"], alone.Checks.Select(check => check.Name));
        Assert.Equal("accuracy", tested.Checks[^1].Name);
        tested.ThrowIfFailed();
    }

    [Fact]
    public void ParityComparesTheExportWithTheTrainedModel()
    {
        float[] trained = VitReference.Logits(Vit, Test.Pixels, Test.Count);
        Parity same = Export(trained).Parity!;
        Assert.Equal(1, same.Agreement);
        Assert.InRange(same.MaxLogitDifference!.Value, 0, 0.05);
        Assert.Equal(100.0 * same.Correct / 40, same.TestAccuracy);
        for (int i = 0; i < 10; i++) trained[i] = -trained[i];
        Parity one = Export(trained).Parity!;
        Assert.Equal(39 / 40.0, one.Agreement);
        Assert.True(one.MaxLogitDifference > 0.1);
        Assert.Null(Export().Parity!.Agreement);
    }

    [Theory]
    [InlineData(PackageRule.Running, 2)]
    [InlineData(null, 0)]
    public void ANetworkInFloatsMayDifferWhereItChoosesTokensOnly(PackageRule? rule, int mayDiffer)
    {
        VisionNet net = RandomVision.Deit(22, selector: rule is { } package ? (random, name) => random.Selector(name, 24, 3, package, true, true) : null);
        ImageSet test = RandomVision.Images(22, 20, net);
        float[] reference = [.. net.Answers(test).SelectMany(answer => answer.Logits)];
        Manifest manifest = ModelExport.Write(_folder, ManifestJsonTests.Sample, net, test, reference);
        Assert.Equal(1, manifest.Parity!.Agreement);
        Assert.InRange(manifest.Parity.MaxLogitDifference!.Value, 0, 1e-4);
        Assert.Equal(mayDiffer, manifest.Probe!.MayDiffer);
        VerifyReport report = ModelVerifier.Verify(_folder, test);
        Assert.True(report.Passed, string.Join("\n", report.Checks));
        Assert.Equal(reference, VisionWeights.Read(File.ReadAllBytes(Path.Combine(_folder, ModelFolder.WeightsFile))).Answers(test).SelectMany(answer => answer.Logits));
    }

    [Fact]
    public void TheSameExportGivesTheSameBytes()
    {
        Export();
        var first = Directory.GetFiles(_folder).Order().Select(File.ReadAllBytes).ToArray();
        Export();
        Assert.Equal(first, Directory.GetFiles(_folder).Order().Select(File.ReadAllBytes));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.safetensors")]
    [InlineData("probe.safetensors")]
    public void AnAppendedOrChangedByteFails(string file)
    {
        Export();
        string path = Path.Combine(_folder, file);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. bytes, (byte)'\n']);
        AssertFails("bytes, expected", "hashes");
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertFails("SHA-256", "hashes");
        File.Delete(path);
        AssertFails($"{file} is missing", "hashes");
    }

    [Fact]
    public void ANetworkThatAnswersOtherwiseFailsThoughItsHashIsRight()
    {
        Export();
        Rewrite("model.onnx", VitOnnx.Write(RandomVit.Model(99)));
        AssertFails("within", "probe");
    }

    [Fact]
    public void ANetworkThatDoesNotRunFailsThoughItsHashIsRight()
    {
        Export();
        Rewrite("model.onnx", "no network"u8.ToArray());
        AssertFails("refuses", "probe");
    }

    [Fact]
    public void AnAccuracyThatIsNotReproducedFails()
    {
        Manifest manifest = Export();
        Edit(manifest with { Parity = manifest.Parity! with { TestAccuracy = manifest.Parity.TestAccuracy + 0.3 } });
        AssertFails("accuracy on 40 test images", "accuracy", Test);
        Assert.True(ModelVerifier.Verify(_folder).Passed);
        Edit(manifest with { Parity = manifest.Parity! with { Images = 41 } });
        AssertFails("has 40", "accuracy", Test);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void ANameThatLeavesTheFolderFails(string name)
    {
        Manifest manifest = Export();
        byte[] bytes = "outside"u8.ToArray();
        Edit(manifest with { Files = [.. manifest.Files, new ManifestFile(name, BlobId.Of(bytes), bytes.Length)] });
        AssertFails("no plain file name", "hashes");
        Assert.Throws<HoneException>(() => ModelFolder.Write(_folder, manifest, (name, bytes)));
    }

    [Fact]
    public void ALinkIsNotTheFileItself()
    {
        Export();
        string path = Path.Combine(_folder, "model.onnx");
        File.Move(path, path + ".moved");
        File.CreateSymbolicLink(path, path + ".moved");
        AssertFails("is a link", "hashes");
    }

    [Fact]
    public void ANetworkWithoutAProbeAndAnEmptyManifestFail()
    {
        Manifest manifest = Export();
        Edit(manifest with { Probe = null });
        AssertFails("no probe", "probe");
        Edit(manifest with { Files = [] });
        AssertFails("lists no file", "hashes");
    }

    [Fact]
    public void AMissingFolderIsNamed() => Assert.Contains("manifest.json", Assert.Throws<HoneException>(() => ModelVerifier.Verify(_folder + "/none")).Message);

    private Manifest Export(float[]? trained = null) => ModelExport.Write(_folder, ManifestJsonTests.Sample, Vit, Test, trained);

    private void Edit(Manifest manifest) => File.WriteAllBytes(Path.Combine(_folder, Manifest.FileName), ManifestJson.Write(manifest));

    /// <summary>Replaces a file together with its hash in the manifest.</summary>
    private void Rewrite(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(_folder, name), bytes);
        Manifest manifest = ModelFolder.ReadManifest(_folder);
        Edit(manifest with { Files = manifest.Files.Select(file => file.Name == name ? new ManifestFile(name, BlobId.Of(bytes), bytes.Length) : file).ToValueList() });
    }

    private void AssertFails(string says, string check, ImageSet? test = null)
    {
        VerifyReport report = ModelVerifier.Verify(_folder, test);
        Assert.False(report.Passed);
        Assert.Contains(report.Checks, c => !c.Passed && c.Name == check && c.Text.Contains(says));
        Assert.DoesNotContain('\n', Assert.Throws<HoneException>(report.ThrowIfFailed).Message);
    }
}
