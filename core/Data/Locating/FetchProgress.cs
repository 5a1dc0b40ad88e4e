namespace Hone.Data;

/// <summary>Where a fetch or a check stands.</summary>
/// <param name="What">For example "downloading train-images-idx3-ubyte.gz".</param>
/// <param name="Done">Bytes done of this piece.</param>
/// <param name="Total">Bytes in all of this piece; null when unknown.</param>
public sealed record FetchProgress(string What, long Done, long? Total);
