using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

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
        string folder = Path.Combine(AppContext.BaseDirectory, "page"), version = Below + "/" + Version(folder);
        byte[] document = Encoding.UTF8.GetBytes(File.ReadAllText(folder + Document).Replace($"\"{Below}/", $"\"{version}/", StringComparison.Ordinal));
        var tag = new EntityTagHeaderValue($"\"{Path.GetFileName(version)}\"");
        app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/" && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            {
                Protect(context.Response.Headers);
                await Results.Bytes(document, Types.Mappings[".html"], entityTag: tag).ExecuteAsync(context);
                return;
            }
            if (context.Request.Path.StartsWithSegments(version, out PathString file))
            {
                context.Request.Path = Below + file;
                context.Items[typeof(PageFiles)] = version;
            }
            await next(context);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = Below,
            FileProvider = new PhysicalFileProvider(folder),
            ContentTypeProvider = Types,
            OnPrepareResponse = file =>
            {
                Protect(file.Context.Response.Headers);
                if (file.Context.Items.ContainsKey(typeof(PageFiles))) file.Context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            },
        });
    }

    // Of all files: the document names the others below it, so that a browser keeps them for good and yet never makes a page of old and new ones.
    private static string Version(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            all.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            all.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(all.GetHashAndReset())[..16];
    }

    // Asked for anew each time, and answered "not modified" while it is (ETag).
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
