using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Where the bytes of results come from.</summary>
internal interface IBlobSource
{
    /// <summary>The bytes, checked against their name; the caller disposes the stream.</summary>
    /// <param name="blob">Which.</param>
    /// <param name="root">Where the silo that named it says that its store lies.</param>
    /// <exception cref="HoneException">There is no such blob, or what came is something else.</exception>
    Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel);
}
