using System.CommandLine;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>The part of the command line that is about the blob store, besides its place.</summary>
/// <param name="Quota">Bytes that the store may hold; null: no limit.</param>
/// <param name="Cache">Bytes of a bucket's blobs that are kept on this machine.</param>
/// <param name="Age">How long a blob is kept that nothing names.</param>
/// <param name="PutData">A data set to put there, and end.</param>
internal sealed record BlobOptions(long? Quota, long Cache, TimeSpan Age, string? PutData = null)
{
    private static readonly Option<long?> QuotaOption = Read<long?>("--blob-quota", "size of the blob store, such as 50GiB, from which on new blobs are refused (default: no limit)", Default.Quota, (option, text) => ByteSize.Parse(option, text));
    private static readonly Option<long> CacheOption = Read("--blob-cache", "size of this machine's copy of an s3:// store (default: 10GiB)", Default.Cache, (option, text) => ByteSize.Parse(option, text));
    private static readonly Option<TimeSpan> AgeOption = Read("--blob-age", "how long a blob is kept that no study needs; at least 1h (default: 24h)", Default.Age, BlobAge.Parse);
    private static readonly Option<string?> PutDataOption = new("--put-data") { Description = "put a data set into the blob store, where machines without it find it, and end" };

    public static BlobOptions Default => new(null, 10L << 30, BlobAge.Usual);

    public static IEnumerable<Option> All => [QuotaOption, CacheOption, AgeOption, PutDataOption];

    public static BlobOptions Of(ParseResult parsed) => new(parsed.GetValue(QuotaOption), parsed.GetValue(CacheOption), parsed.GetValue(AgeOption), parsed.GetValue(PutDataOption));

    private static Option<T> Read<T>(string name, string description, T usual, Func<string, string, T> parse) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            try
            {
                return parse(name, result.Tokens.Single().Value);
            }
            catch (SpecException e)
            {
                result.AddError(e.Message);
                return usual;
            }
        },
    };
}
