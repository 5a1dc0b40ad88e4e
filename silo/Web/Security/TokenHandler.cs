using System.Security.Claims;
using System.Text.Encodings.Web;
using Hone.Contracts;
using Hone.Silo.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hone.Silo.Web.Security;

/// <summary>Who asks: by "Authorization: Bearer TOKEN", or by the page's cookie. Wrong tokens are counted against the address that brings them.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenBook book, FailureLimit limit)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "hone";

    private const string Bearer = "Bearer ";
    private bool _turnedAway;

    /// <summary>What the caller's token grants; null for who has brought none.</summary>
    public static Grant? GrantOf(ClaimsPrincipal caller) => caller.FindFirstValue(ClaimTypes.Role) is { } role ? Grant.Parse(role) : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        string? token = header is null ? SessionCookie.Read(Context) : header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        if (token is null) return AuthenticateResult.NoResult();
        if (!limit.Hears(Context.Connection.RemoteIpAddress))
        {
            _turnedAway = true;
            return AuthenticateResult.Fail("too many wrong tokens");
        }
        if (await book.Find(token) is not { } record)
        {
            limit.Failed(Context.Connection.RemoteIpAddress);
            return AuthenticateResult.Fail("not a good token");
        }
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, record.Id), new Claim(ClaimTypes.Role, record.Role.ToString())], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_turnedAway) return Problems.TooMany(Context, FailureLimit.Forgives);
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Write(Context, StatusCodes.Status401Unauthorized,
            "expected a good token (Authorization: Bearer TOKEN, or log in on the page), got none or one that is unknown, expired or revoked; `hone token create` makes one");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Write(Context, StatusCodes.Status403Forbidden,
        $"expected a token of a role that may do this, this one's is {GrantOf(Context.User)}; ask an admin for another token");
}
