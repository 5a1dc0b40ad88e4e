using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

public class BlobBytesTests
{
    [Fact]
    public async Task ABlobComesInPartsThatAreWholeTogether()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        foreach (int length in new[] { 0, 1, (128 << 10) - 1, 128 << 10, (128 << 10) + 1, 1_000_003 })
        {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) bytes[i] = (byte)(i * 31 ^ i >> 8);
            BlobId id = silo.Blobs.Put(bytes);
            IBlobBytesGrain grain = silo.Grains.GetGrain<IBlobBytesGrain>(id.Hex);
            Assert.True(await grain.Has());
            var read = new MemoryStream();
            await foreach (byte[] part in grain.Read())
            {
                Assert.InRange(part.Length, 1, 128 << 10);
                read.Write(part);
            }
            Assert.Equal(id, BlobId.Of(read.ToArray()));
        }
        Assert.False(await silo.Grains.GetGrain<IBlobBytesGrain>(new string('0', 64)).Has());
    }
}
