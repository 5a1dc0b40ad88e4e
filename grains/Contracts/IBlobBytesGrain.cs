namespace Hone.Contracts;

/// <summary>A blob's bytes for who does not see the store's folder; the key is its SHA-256.</summary>
[Alias("hone.blob-bytes")]
public interface IBlobBytesGrain : IGrainWithStringKey
{
    /// <summary>Whether the store has it.</summary>
    [Alias("has")]
    Task<bool> Has();

    /// <summary>The bytes in order, in parts that are a message each.</summary>
    [Alias("read")]
    IAsyncEnumerable<byte[]> Read(CancellationToken cancel = default);
}
