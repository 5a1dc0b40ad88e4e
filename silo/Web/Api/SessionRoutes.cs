using Hone.Contracts;
using Hone.Silo.Web.Security;

namespace Hone.Silo.Web.Api;

/// <summary>The body of a log-in.</summary>
internal sealed record SessionRequest(string Token);

/// <summary>Who is logged in.</summary>
/// <param name="Role">As text: viewer, operator, admin or device:NAME.</param>
/// <param name="Name">The token's id.</param>
internal sealed record SessionView(Grant Role, string Name);

/// <summary>The page's log-in: a token becomes a cookie that no script can read.</summary>
internal static class SessionRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder session = api.MapGroup("/session").WithTags("session");
        session.MapGet("", Who).Produces<SessionView>().WithSummary("Whose token this is.");
        session.MapPost("", Begin).Accepts<SessionRequest>("application/json").Produces<SessionView>().WithSummary("Log in: sets the page's cookie.");
        session.MapDelete("", End).Produces(204).WithSummary("Log out: forgets the cookie.");
    }

    private static IResult Who(HttpContext context) => Answer.Json(new SessionView(TokenHandler.GrantOf(context.User)!, context.User.Identity!.Name!));

    private static async Task<IResult> Begin(HttpContext context, TokenBook book, FailureLimit limit)
    {
        if (!limit.Hears(context.Connection.RemoteIpAddress))
        {
            await Problems.TooMany(context, FailureLimit.Forgives);
            return Results.Empty;
        }
        SessionRequest request = await RequestBody.Read<SessionRequest>(context);
        if (await book.Find(request.Token) is not { } record)
        {
            limit.Failed(context.Connection.RemoteIpAddress);
            throw new ApiException(StatusCodes.Status401Unauthorized, "expected a good token, got one that is unknown, expired or revoked; `hone token show` prints this run's, `hone token create` makes one");
        }
        SessionCookie.Write(context, request.Token, record.Expires);
        return Answer.Json(new SessionView(record.Role, record.Id));
    }

    private static IResult End(HttpContext context)
    {
        SessionCookie.Delete(context);
        return Results.NoContent();
    }
}
