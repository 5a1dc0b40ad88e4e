using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>The body of a request for a collection.</summary>
/// <param name="OlderThan">Age from which on a blob goes that no study needs, such as 24h or 7d.</param>
internal sealed record CollectRequest(string OlderThan = "24h");

/// <summary>What the blob stores hold, and letting go what no study needs; a line for each store as it was looked through.</summary>
internal static class BlobStoreRoutes
{
    private const string Lines = "application/x-ndjson";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/blobs", Survey).Produces<BlobSurvey>(200, Lines).WithTags("cluster").WithSummary("What each blob store holds, how much of it a study needs, how much nothing has needed for so long.");
        api.MapPost("/blobs/collect", Collect).Accepts<CollectRequest>("application/json").Produces<BlobSurvey>(200, Lines).WithTags("cluster").WithSummary("Lets go the blobs that no study needs.");
    }

    private static Task Survey(HttpContext context, IGrainFactory grains, string? olderThan = null) => Look(context, grains, "olderThan", olderThan ?? "24h", remove: false);

    private static async Task Collect(HttpContext context, IGrainFactory grains) =>
        await Look(context, grains, "body.olderThan", (await RequestBody.Read<CollectRequest>(context)).OlderThan, remove: true);

    private static Task Look(HttpContext context, IGrainFactory grains, string field, string olderThan, bool remove) => Answer.Lines(context,
        grains.GetGrain<IBlobGrain>("all").Survey(BlobAge.Parse(field, olderThan), remove, context.RequestAborted).WithBatchSize(1), survey => [Answer.Bytes(survey)]);
}
