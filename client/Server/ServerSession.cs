using Hone.Client.Cluster;
using Hone.Client.Specs;
using Hone.Model;

namespace Hone.Client.Server;

/// <summary>A study of a cluster that is reached over HTTP: nothing to restart; a lost connection is made anew by the next request.</summary>
internal sealed class ServerSession(ServerOption server) : IStudySession
{
    private readonly ServerConnection _connection = new(server);

    public Task<IStudySource> OpenAsync(string study, CancellationToken cancel) => Task.FromResult<IStudySource>(new ServerStudy(_connection, study));

    public Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => new ServerCluster(_connection).OpenAsync(blob, root, cancel);

    public void Progressed()
    {
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
