using System.Globalization;
using System.Text.Json;
using Hone.Contracts;
using Hone.Model;
using Orleans.Runtime;

namespace Hone.Silo.Web.Api;

/// <summary>An error as RFC 9457 problem details; <paramref name="Detail"/> is Hone's one line.</summary>
internal sealed record Problem(string Title, int Status, string Detail);

/// <summary>A request that is refused: its status and one line.</summary>
internal sealed class ApiException(int status, string message) : HoneException(message)
{
    public int Status { get; } = status;
}

/// <summary>Makes a problem of everything that goes wrong, and tells nothing of what nobody expected but that it happened.</summary>
internal sealed class Problems(RequestDelegate next, ILogger<Problems> log)
{
    private static readonly TimeSpan AgainLater = TimeSpan.FromSeconds(2);

    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentType is null) await Write(context, context.Response.StatusCode, Usual(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception e)
        {
            var (status, detail) = Of(e);
            if (status == StatusCodes.Status500InternalServerError) log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted) context.Abort();   // an answer that is cut must not look whole
            else await Write(context, status, detail);
        }
    }

    public static Task Write(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = Seconds(AgainLater);
        context.Response.ContentType = "application/problem+json";
        var problem = new Problem(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail);
        return context.Response.WriteAsync(JsonSerializer.Serialize(problem, ApiJson.Options));
    }

    public static Task TooMany(HttpContext context, TimeSpan again)
    {
        context.Response.Headers.RetryAfter = Seconds(again);
        return Write(context, StatusCodes.Status429TooManyRequests, $"expected a good token, too many wrong ones came from this address; try again in {Seconds(again)} s");
    }

    private static (int Status, string Detail) Of(Exception error) => error switch
    {
        ApiException e => (e.Status, e.Message),
        SpecException e => (StatusCodes.Status400BadRequest, e.Message),
        HoneException e => (StatusCodes.Status409Conflict, e.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, RequestBody.TooLarge),
        BadHttpRequestException e => (e.StatusCode, $"expected a well-formed request, got something else ({e.Message})"),
        OrleansException or TimeoutException or OperationCanceledException => (StatusCodes.Status503ServiceUnavailable, "the cluster does not answer; it may be starting or a silo may have died: try again in a moment"),
        _ => (StatusCodes.Status500InternalServerError, "something unexpected happened; the silo's log says what"),
    };

    private static string Usual(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "expected a path of the API, there is nothing at this one; /openapi/v1.json lists them",
        StatusCodes.Status405MethodNotAllowed => $"expected another method than {context.Request.Method} for this path; /openapi/v1.json lists them",
        StatusCodes.Status415UnsupportedMediaType => RequestBody.NotJson,
        _ => "the request was refused",
    };

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
