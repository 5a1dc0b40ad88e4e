using Hone.Grains.Blobs;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>The cluster's other silos, asked through their blob services. The store's calls are synchronous and may come from a grain's turn, so all of it runs off the caller's context.</summary>
internal sealed class SiloPeers(IServiceProvider services) : IBlobPeers
{
    private readonly Lazy<BlobServices> _services = new(services.GetRequiredService<BlobServices>);

    public int Count => Others().Count;

    public IEnumerable<IBlobPeer> With(BlobId id)
    {
        // Only asked for what this silo has not: all at once, so that a silo that hangs costs one wait.
        (IBlobService Service, Task<long?> Length)[] asked = [.. Others().Select(peer => (peer, Task.Run(() => Length(peer, id))))];
        return asked.Where(a => a.Length.GetAwaiter().GetResult() is not null).Select(a => new Peer(a.Service));
    }

    public void Delete(BlobId id)
    {
        foreach (IBlobService peer in Others()) _ = Task.Run(() => Quietly(() => peer.Delete(id)));
    }

    private List<IBlobService> Others() => [.. _services.Value.Silos.Where(s => !s.Equals(_services.Value.Here)).Select(_services.Value.On)];

    private static async Task<long?> Length(IBlobService peer, BlobId id)
    {
        try
        {
            return await peer.Length(id);
        }
        catch (Exception)
        {
            return null;   // a silo that does not answer has nothing
        }
    }

    private static async Task Quietly(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception)
        {
            // what stays behind goes with the next collection
        }
    }

    private sealed class Peer(IBlobService service) : IBlobPeer
    {
        public byte[] Part(BlobId id, long offset)
        {
            try
            {
                return Task.Run(() => service.Part(id, offset)).GetAwaiter().GetResult() ?? throw new PeerException($"blob {id} was let go while it was fetched");
            }
            catch (Exception e) when (e is not PeerException)
            {
                throw new PeerException($"the silo that has blob {id} does not answer ({e.Message.ReplaceLineEndings(" ")})", e);
            }
        }
    }
}
