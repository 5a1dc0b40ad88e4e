using System.Text.Json;
using Hone.Contracts;

namespace Hone.Silo.Web.Api;

/// <summary>How answers are written: one record as JSON, or many, a line each, as they come.</summary>
internal static class Answer
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static IResult Json<T>(T value) => Results.Json(value, ApiJson.Options);

    /// <summary>Newline-delimited JSON; what is ready is on its way before the next is waited for.</summary>
    public static async Task Lines<T>(HttpContext context, IAsyncEnumerable<T> values, Func<T, IEnumerable<byte[]>> lines)
    {
        context.Response.ContentType = "application/x-ndjson";
        await foreach (T value in values.WithCancellation(context.RequestAborted))
        {
            foreach (byte[] line in lines(value))
            {
                await context.Response.Body.WriteAsync(line, context.RequestAborted);
                await context.Response.Body.WriteAsync(LineEnd, context.RequestAborted);
            }
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
}
