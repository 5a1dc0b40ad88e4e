using System.Text;
using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

public class ManifestJsonTests
{
    internal static readonly Manifest Sample = new(
        Manifest.CurrentFormat, "fm-quasar", "quasar-vit", ulong.MaxValue, 17, "E=32,L=4", [new("E", "32"), new("L", "4")],
        [new("accuracy", 87.25, "%", Origin.Trained, 0.1), new("latency_us", 187.3, "us", Origin.Modelled, null, "zcu102", "fpga-1")],
        [new("fashion-mnist", "test", BlobId.Of("data"u8))]);

    [Fact]
    public void AManifestIsReadBackAsItWasWritten() => Assert.Equal(Sample, ManifestJson.Read(ManifestJson.Write(Sample)));

    [Fact]
    public void GenesAreOneObjectAndNamesAreCamelCase()
    {
        string text = Encoding.UTF8.GetString(ManifestJson.Write(Sample));
        Assert.StartsWith("{\n  \"format\": 1,\n  \"study\": \"fm-quasar\",\n  \"method\": \"quasar-vit\",\n  \"seed\": 18446744073709551615,\n", text);
        Assert.Contains("\"genes\": {\n    \"E\": \"32\",\n    \"L\": \"4\"\n  }", text);
        Assert.Contains("\"origin\": \"Modelled\"", text);
        Assert.EndsWith("}\n", text);
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData("\"study\"", "\"studie\"")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"ordinal\": 17", "\"ordinal\": \"17\"")]
    [InlineData("\"ordinal\": 17", "\"ordinal\": 17, \"ordinal\": 18")]
    [InlineData("\"E\": \"32\"", "\"L\": \"32\"")]
    [InlineData("\"E\": \"32\"", "\"E\": [32]")]
    [InlineData("\"fashion-mnist\"", "null")]
    [InlineData("\"unit\": \"us\",", "")]
    [InlineData("Modelled", "Imagined")]
    public void AManifestThatIsNotOfThisFormIsRefusedInOneLine(string what, string instead)
    {
        string text = Encoding.UTF8.GetString(ManifestJson.Write(Sample));
        Assert.Contains(what, text);
        var error = Assert.Throws<HoneException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(text.Replace(what, instead))));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void AHashThatIsNoneIsRefused()
    {
        string text = Encoding.UTF8.GetString(ManifestJson.Write(Sample)).Replace(BlobId.Of("data"u8).Hex, "abc");
        Assert.Throws<HoneException>(() => ManifestJson.Read(Encoding.UTF8.GetBytes(text)));
    }
}
