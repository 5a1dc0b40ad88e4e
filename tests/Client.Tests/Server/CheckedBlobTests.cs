using Hone.Client.Cluster;
using Hone.Model;

namespace Hone.Client.Tests.Server;

public class CheckedBlobTests
{
    [Fact]
    public async Task BytesThatAreTheBlobsAreHandedOutFromTheirFirst()
    {
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];
        await using Stream read = await CheckedBlob.ReceiveAsync(BlobId.Of(bytes), file => file.WriteAsync(bytes).AsTask(), default);
        var copy = new MemoryStream();
        await read.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task OtherBytesAreRefused(int length)
    {
        byte[] bytes = [1, 2, 3];
        HoneException error = await Assert.ThrowsAsync<HoneException>(() => CheckedBlob.ReceiveAsync(BlobId.Of(bytes), file => file.WriteAsync(new byte[length]).AsTask(), default));
        Assert.Contains("SHA-256", error.Message);
    }
}
