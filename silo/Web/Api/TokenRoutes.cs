using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>The body of a request for a token.</summary>
/// <param name="Role">viewer, operator, admin or device:NAME.</param>
/// <param name="Expires">When it is worth nothing any more; null: never.</param>
internal sealed record TokenRequest(string Role, DateTimeOffset? Expires = null);

/// <summary>The cluster's tokens, for admins: list, create (the secret is shown once), revoke.</summary>
internal static class TokenRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder tokens = api.MapGroup("/tokens").WithTags("tokens");
        tokens.MapGet("", All).Produces<TokenRecord[]>().WithSummary("All tokens, without their secrets.");
        tokens.MapPost("", Create).Accepts<TokenRequest>("application/json").Produces<NewToken>().WithSummary("A new token; its secret is in this answer and nowhere else.");
        tokens.MapDelete("/{id}", Revoke).Produces<TokenRecord>().WithSummary("Makes a token worthless.");
    }

    private static async Task<IResult> All(IGrainFactory grains) => Answer.Json((await Tokens(grains).All()).Select(t => t.WithoutHash()).ToArray());

    private static async Task<IResult> Create(HttpContext context, IGrainFactory grains)
    {
        TokenRequest request = await RequestBody.Read<TokenRequest>(context);
        Grant role = Grant.Parse(request.Role);
        ApiToken token = ApiToken.New();
        TokenRecord record = Taken(await Tokens(grains).Add(token.Id, token.Hash, role, request.Expires));
        return Answer.Json(new NewToken(record.Id, token.Text, record.Role, record.Expires));
    }

    private static async Task<IResult> Revoke(string id, IGrainFactory grains)
    {
        TokenAnswer answer = await Tokens(grains).Revoke(id);
        return answer.Token is null ? throw new ApiException(StatusCodes.Status404NotFound, "expected the id of a token, there is none of that id; GET /api/v1/tokens lists all") : Answer.Json(answer.Token.WithoutHash());
    }

    private static ITokensGrain Tokens(IGrainFactory grains) => grains.GetGrain<ITokensGrain>("all");

    private static TokenRecord Taken(TokenAnswer answer) => answer.Token ?? throw (answer.ExitCode == 2 ? new SpecException(answer.Error!) : new HoneException(answer.Error!));
}
