using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Microsoft.Net.Http.Headers;

namespace Hone.Silo.Web.Api;

/// <summary>Bytes: a study's result files by their paths, and any blob by its hash.</summary>
internal static class BlobRoutes
{
    private const string Binary = "application/octet-stream";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/studies/{name}/artifacts/{**path}", Artifact).Produces(200, contentType: Binary).WithTags("results").WithSummary("A result file of a finished study, such as front.json or models/1/model.onnx.");
        api.MapGet("/blobs/{sha256}", Blob).Produces(200, contentType: Binary).WithTags("results").WithSummary("The bytes of a blob by their SHA-256.");
    }

    // The path is looked up among the study's own, never opened: it can lead nowhere else.
    private static async Task<IResult> Artifact(string name, string path, HttpContext context, StudyDoor door, IBlobStore blobs)
    {
        StudyStatus status = StudyDoor.Shown(await (await door.Open(name)).Status());
        Artifact file = status.Artifacts.FirstOrDefault(a => a.Path == path)
            ?? throw new ApiException(StatusCodes.Status404NotFound, $"expected a result file of {name}, there is none at this path; its status lists them once it is done");
        return Bytes(context, blobs, file.Blob, path.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : Binary);
    }

    private static IResult Blob(string sha256, HttpContext context, IBlobStore blobs)
    {
        if (sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept("0123456789abcdef")) throw new SpecException("expected a SHA-256 in 64 lower-case hex digits, got something else");
        IResult found = Bytes(context, blobs, new BlobId(sha256), Binary);
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return found;
    }

    private static IResult Bytes(HttpContext context, IBlobStore blobs, BlobId id, string type)
    {
        if (!blobs.Has(id)) throw new ApiException(StatusCodes.Status404NotFound, $"expected a blob of the store, {id} is not there: it was never stored or was let go");
        context.Response.Headers.ContentDisposition = "attachment";   // never shown as a page of this silo
        return Results.Stream(blobs.Open(id), type, entityTag: new EntityTagHeaderValue($"\"{id}\""), enableRangeProcessing: true);
    }
}
