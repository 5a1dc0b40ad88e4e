using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>A place in a bucket: s3://BUCKET/PREFIX, with ?endpoint=URL for a store that is not Amazon's. Region and credentials come from the usual variables ($AWS_REGION, $AWS_ACCESS_KEY_ID, ...).</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Prefix">Empty, or a path with a slash at its end.</param>
/// <param name="Endpoint">Null: Amazon's.</param>
internal sealed record S3Address(string Bucket, string Prefix, Uri? Endpoint)
{
    private const string Scheme = "s3://";

    /// <summary>For people, and to tell stores apart.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}{(Endpoint is null ? "" : $"?endpoint={Endpoint}")}";

    public static bool Is(string? blobs) => blobs?.StartsWith(Scheme, StringComparison.Ordinal) == true;

    /// <exception cref="SpecException">Not such a place.</exception>
    public static S3Address Parse(string text)
    {
        string[] parts = text[Scheme.Length..].Split('?', 2), path = parts[0].Split('/', 2);
        string bucket = path[0], prefix = path.Length > 1 ? path[1].Trim('/') : "";
        Uri? endpoint = null;
        if (parts.Length > 1 && (!parts[1].StartsWith("endpoint=", StringComparison.Ordinal) || !Uri.TryCreate(parts[1]["endpoint=".Length..], UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https")))
            throw Wrong(text);
        if (bucket.Length is < 3 or > 63 || bucket.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.-") || prefix.Split('/').Any(p => p is "." or "..")) throw Wrong(text);
        return new S3Address(bucket, prefix.Length == 0 ? "" : prefix + "/", endpoint);
    }

    /// <summary>The object of a blob.</summary>
    public string KeyOf(BlobId id) => $"{Prefix}{id.Hex[..2]}/{id.Hex}";

    /// <summary>The blob of an object; null when it is none of ours.</summary>
    public BlobId? IdOf(string key)
    {
        string name = key[(key.LastIndexOf('/') + 1)..];
        return name.Length == 64 && !name.AsSpan().ContainsAnyExcept("0123456789abcdef") && KeyOf(new BlobId(name)) == key ? new BlobId(name) : null;
    }

    private static SpecException Wrong(string text) => new($"--blobs: expected a folder or s3://BUCKET/PREFIX, with ?endpoint=http(s)://HOST:PORT for a store of your own, got '{text}'");
}
