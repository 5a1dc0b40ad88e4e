using Hone.Silo.Web.Api;

namespace Hone.Silo.Web.Security;

/// <summary>
/// The closed table of what the silo serves and who may use it. A route that is mapped and does not stand here keeps the silo from starting, so that
/// nothing is served by forgetting. The page's own files are no routes: they hold no data and are anyone's.
/// </summary>
internal static class RouteAccess
{
    /// <summary>Where the dashboard is. It shows the state of every grain, hashes of tokens among it: the admin's.</summary>
    public const string Dashboard = "/dashboard";

    public static readonly IReadOnlyList<(string Method, string Route, Access Access)> Table =
    [
        ("GET", "/api/v1/studies", Access.Viewer),
        ("POST", "/api/v1/studies", Access.Operator),
        ("GET", "/api/v1/studies/{name}", Access.Viewer),
        ("POST", "/api/v1/studies/{name}/pause", Access.Operator),
        ("POST", "/api/v1/studies/{name}/resume", Access.Operator),
        ("POST", "/api/v1/studies/{name}/stop", Access.Operator),
        ("POST", "/api/v1/studies/{name}/extend", Access.Operator),
        ("POST", "/api/v1/studies/{name}/retry", Access.Operator),
        ("GET", "/api/v1/studies/{name}/trials", Access.Viewer),
        ("GET", "/api/v1/studies/{name}/columns", Access.Viewer),
        ("GET", "/api/v1/studies/{name}/watch", Access.Viewer),
        ("GET", "/api/v1/studies/{name}/explain", Access.Viewer),
        ("POST", "/api/v1/studies/{name}/retarget", Access.Operator),
        ("GET", "/api/v1/studies/{name}/training", Access.Viewer),
        ("GET", "/api/v1/studies/{name}/artifacts/{**path}", Access.Viewer),
        ("GET", "/api/v1/blobs/{sha256}", Access.Viewer),
        ("GET", "/api/v1/blobs", Access.Viewer),
        ("POST", "/api/v1/blobs/collect", Access.Admin),
        ("GET", "/api/v1/cluster", Access.Viewer),
        ("GET", "/api/v1/devices", Access.Viewer),
        ("POST", "/api/v1/devices/{name}/calibrate", Access.Operator),
        ("GET", "/api/v1/devices/{name}/calibration", Access.Viewer),
        ("POST", "/api/v1/devices/{name}/detach", Access.Operator),
        ("POST", "/api/v1/devices/{name}/lease", Access.Node),
        ("POST", "/api/v1/devices/{name}/beat", Access.Node),
        ("POST", "/api/v1/devices/{name}/report", Access.Node),
        ("GET", "/api/v1/tokens", Access.Admin),
        ("POST", "/api/v1/tokens", Access.Admin),
        ("DELETE", "/api/v1/tokens/{id}", Access.Admin),
        ("GET", "/api/v1/session", Access.Viewer),
        ("POST", "/api/v1/session", Access.Anyone),
        ("DELETE", "/api/v1/session", Access.Anyone),
        ("GET", ApiDocument.Path, Access.Viewer),
    ];

    /// <summary>Who may use a route.</summary>
    /// <exception cref="InvalidOperationException">It is not in the table.</exception>
    public static Access Of(string method, string route)
    {
        string path = Path(route);
        if (path == Dashboard || path.StartsWith(Dashboard + "/", StringComparison.Ordinal)) return Access.Admin;
        string found = method == "HEAD" ? "GET" : method;
        foreach (var (known, pattern, access) in Table)
            if (known == found && pattern == path) return access;
        throw new InvalidOperationException($"{method} {path}: expected a route of {nameof(RouteAccess)}.{nameof(Table)}; a new route is served once it says there who may use it");
    }

    /// <summary>A route's pattern as the table writes it.</summary>
    public static string Path(string? pattern) => "/" + (pattern ?? "").Trim('/');

    /// <summary>Gives every route that is mapped through the builder the policy of the table.</summary>
    public static TBuilder WithTableAccess<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            if (endpoint is not RouteEndpointBuilder route) return;
            IReadOnlyList<string> methods = endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? ["GET"];
            Access access = methods.Select(m => Of(m, route.RoutePattern.RawText!)).Max();
            endpoint.Metadata.Add(access == Access.Anyone ? new Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute()
                : new Microsoft.AspNetCore.Authorization.AuthorizeAttribute(AccessPolicy.Of(access)));
        });
        return builder;
    }
}
