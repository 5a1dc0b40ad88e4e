using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class FileContentTests
{
    private static readonly byte[] Content = SmallIdx.Contents[0];
    private static readonly DataFile Known = SmallIdx.Record.Files[0];

    [Fact]
    public void GzippedAndRawFilesAreTheSameContent()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a.gz"], SmallIdx.Gzip(Content));
        File.WriteAllBytes(folder["a"], Content);
        Assert.Equal(Content, FileContent.Read(folder["a.gz"], Known));
        Assert.Equal(Content, FileContent.Read(folder["a"], Known));
    }

    [Fact]
    public void AFlippedByteIsRefusedWithFileExpectedAndFoundHash()
    {
        byte[] flipped = [.. Content];
        flipped[^1] ^= 1;
        string message = Refusal(flipped);
        Assert.Contains(Known.Sha256, message);
        Assert.Contains(BlobId.Of(flipped).Hex, message);
        Assert.Contains("hone data get", message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void AGzipFileCutShortIsRefused(int length) => Assert.Matches("cut short|damaged", Refusal(SmallIdx.Gzip(Content)[..length]));

    [Fact]
    public void AFlippedByteInsideGzipIsRefused()
    {
        byte[] packed = SmallIdx.Gzip(Content);
        packed[packed.Length / 2] ^= 0x10;
        Assert.Contains("a.gz", Refusal(packed));
    }

    [Fact]
    public void MoreContentThanKnownIsRefusedWithoutReadingOn() =>
        Assert.Contains($"more than the {Content.Length} bytes", Refusal(SmallIdx.Gzip(new byte[50_000_000])));

    private static string Refusal(byte[] bytes)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a.gz"], bytes);
        string message = Assert.Throws<HoneException>(() => FileContent.Read(folder["a.gz"], Known)).Message;
        Assert.Contains(folder["a.gz"], message);
        return message;
    }
}
