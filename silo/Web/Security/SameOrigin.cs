using Hone.Silo.Web.Api;

namespace Hone.Silo.Web.Security;

/// <summary>
/// Refuses what a browser sends on behalf of another site: a foreign Host (DNS rebinding), a foreign Origin, and what says of itself that it comes from
/// elsewhere. There is no CORS: no other origin may read anything.
/// </summary>
internal sealed class SameOrigin(RequestDelegate next, AllowedHosts hosts)
{
    public Task Invoke(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!hosts.Has(request.Host.Host))
            return Problems.Write(context, StatusCodes.Status403Forbidden, $"Host: expected a name that this silo listens at or its certificate vouches for, got '{Short(request.Host.Value)}'");
        if (request.Headers.Origin is [{ } origin] && !string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase) || request.Headers.Origin.Count > 1)
            return Problems.Write(context, StatusCodes.Status403Forbidden, $"Origin: expected this silo's own page, got '{Short(request.Headers.Origin)}'");
        // Other ports of one host are one site: their pages' requests carry the cookie, so "same-site" is not enough. A link to the page itself may come from anywhere.
        if (request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none") && request.Path != "/" && !request.Path.StartsWithSegments("/app"))
            return Problems.Write(context, StatusCodes.Status403Forbidden, $"Sec-Fetch-Site: expected a request of this silo's own page, got '{Short(site)}'");
        return next(context);
    }

    private static string Short(string? text) => text is null ? "" : text.Length > 80 ? text[..80] + "..." : text;
}
