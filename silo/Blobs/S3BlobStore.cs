using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Blobs;

/// <summary>
/// Blobs as objects PREFIX/ab/abcdef... of a bucket, read through a cache on this machine. An object is one PUT, so it is there whole or not at all, with its SHA-256 for the
/// store to check; up to 5 GiB. Objects have no age that could be renewed: one that is put again after an hour is sent again, which renews it.
/// </summary>
internal sealed class S3BlobStore(IAmazonS3 s3, S3Address at, BlobCache cache, TimeProvider clock) : IBlobStore
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public BlobId Put(Stream content) => Send(cache.Put(content));

    public BlobId Put(ReadOnlySpan<byte> content) => Send(cache.Put(content));

    public Stream Open(BlobId id)
    {
        if (cache.Open(id) is { } here) return here;
        using (GetObjectResponse? found = Ask(() => s3.GetObjectAsync(new GetObjectRequest { BucketName = at.Bucket, Key = at.KeyOf(id) })))
        {
            if (found is null) throw new HoneException($"blob {id} is not in {at}: it was never stored or was deleted; give the store it was written to");
            BlobId got = Received(found.ResponseStream);
            if (got != id)
            {
                cache.Delete(got);
                throw new HoneException($"blob {id} in {at} is damaged: expected SHA-256 {id}, got {got}; delete the object and make it again (continue the study)");
            }
        }
        return cache.Open(id) ?? throw new IOException($"blob {id} of {at} left the cache at once; give more room with --blob-cache");
    }

    public bool Has(BlobId id) => Written(id) is not null;

    public void Delete(BlobId id)
    {
        cache.Delete(id);
        Ask(() => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = at.Bucket, Key = at.KeyOf(id) }));
    }

    // Between the question and the deletion lie milliseconds in which a put would be lost; no store takes the two as one. A blob is old after hours, and who misses it makes it again.
    public bool DeleteOlder(BlobId id, DateTimeOffset than)
    {
        if (Written(id) is not { } written || written >= than) return false;
        Delete(id);
        return true;
    }

    public IEnumerable<BlobEntry> List()
    {
        var request = new ListObjectsV2Request { BucketName = at.Bucket, Prefix = at.Prefix };
        do
        {
            ListObjectsV2Response page = Ask(() => s3.ListObjectsV2Async(request)) ?? throw new IOException($"{at}: there is no such bucket");
            foreach (S3Object found in page.S3Objects ?? [])
                if (at.IdOf(found.Key) is { } id) yield return new BlobEntry(id, found.Size ?? 0, Utc(found.LastModified));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    private BlobId Received(Stream content)
    {
        try
        {
            return cache.Put(content);
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Outage(e);
        }
    }

    private BlobId Send(BlobId id)
    {
        if (Written(id) is { } written && clock.GetUtcNow() - written < Fresh) return id;
        using Stream content = cache.Open(id) ?? throw new IOException($"blob {id} left the cache before it was sent to {at}; give more room with --blob-cache");
        Ask(() => s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = at.Bucket, Key = at.KeyOf(id), InputStream = content, AutoCloseStream = false, UseChunkEncoding = false,
            ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(id.Hex)),
        }));
        return id;
    }

    private DateTimeOffset? Written(BlobId id) =>
        Ask(() => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = at.Bucket, Key = at.KeyOf(id) })) is { } found ? Utc(found.LastModified) : null;

    private static DateTimeOffset Utc(DateTime? time) => time is { } t ? new DateTimeOffset(t.ToUniversalTime()) : DateTimeOffset.MinValue;

    // Null: there is no such object. Off the caller's context, which may be a grain's turn; every other error is one of the machinery, never an answer about the blob.
    private T? Ask<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return Task.Run(call).GetAwaiter().GetResult();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Outage(e);
        }
    }

    private static bool IsOutage(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException;

    private IOException Outage(Exception e) =>
        new($"the blob store {at} does not serve: {e.Message.ReplaceLineEndings(" ")}; check the bucket, the credentials ($AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY) and the network", e);
}
