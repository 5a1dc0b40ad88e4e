using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Hone.Silo.Web.Page;

/// <summary>Serves the page's static files: / is its only document, what it loads lies below /app. They hold no data, so they need no token.</summary>
internal static class PageFiles
{
    private const string Below = "/app", Document = "/index.html";

    /// <summary>
    /// The page loads from its own origin alone, runs no script and no style that stands in a document or is made from text, and is shown in no frame.
    /// A form of it goes nowhere by itself: scripts send what it holds.
    /// </summary>
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Nothing of another type is served, whatever lies in the folder.
    private static readonly FileExtensionContentTypeProvider Types = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    });

    /// <summary>Call it before what asks for a role. Files come from the folder "page" beside the program.</summary>
    public static void UsePage(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path == "/") context.Request.Path = Below + Document;
            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = Below,
            FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "page")),
            ContentTypeProvider = Types,
            OnPrepareResponse = file => Protect(file.Context.Response.Headers),
        });
    }

    // Asked for anew each time, and answered "not modified" while it is (ETag): after an update no page is made of old and new files.
    private static void Protect(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
