namespace Hone.Grains;

/// <summary>Where the blob store lies, for clients on the same machine.</summary>
public sealed record BlobRoot(string Path);
