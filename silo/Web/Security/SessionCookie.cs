namespace Hone.Silo.Web.Security;

/// <summary>The page's cookie: it holds the token, out of reach of scripts and of other sites. Browsers share cookies among the ports of a host, so its name has the port.</summary>
internal static class SessionCookie
{
    private static readonly TimeSpan Keeps = TimeSpan.FromHours(12);

    public static string? Read(HttpContext context) => context.Request.Cookies[Name(context)];

    public static void Write(HttpContext context, string token, DateTimeOffset? expires)
    {
        CookieOptions options = Options(context);
        options.MaxAge = Keeps;
        if (expires is { } end && end - context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() is var left && left < Keeps) options.MaxAge = left;
        context.Response.Cookies.Append(Name(context), token, options);
    }

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context), Options(context));

    // The prefix __Host- has browsers refuse it from anyone but this very host over TLS.
    private static string Name(HttpContext context) => context.Request.IsHttps ? "__Host-hone" : $"hone-{context.Connection.LocalPort}";

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/" };
}
