using Hone.Model;

namespace Hone.Client;

/// <summary>The one place where an error becomes a line and an exit code: 2 for a wrong request, 1 for everything else.</summary>
internal static class ErrorLine
{
    /// <summary>The exit code of a wrong request.</summary>
    public const int Usage = 2;

    /// <summary>The exit code of a failure.</summary>
    public const int Failed = 1;

    /// <returns>The exit code.</returns>
    public static int Say(Exception error, TextWriter output, bool verbose)
    {
        var (line, code) = Of(error);
        output.WriteLine("hone: " + OneLine(line));
        if (verbose) output.WriteLine(error.ToString());
        return code;
    }

    internal static (string Line, int Code) Of(Exception error) => error switch
    {
        SpecException => (error.Message, Usage),
        HoneException => (error.Message, Failed),
        AggregateException { InnerExceptions.Count: 1 } many => Of(many.InnerExceptions[0]),
        OperationCanceledException => ("stopped; run the same command to go on", Failed),
        HttpRequestException => ($"the server does not answer ({error.GetBaseException().Message.TrimEnd('.')}); check --server and that a silo runs there, and run the same command again", Failed),
        TimeoutException or OrleansException => ($"the cluster stopped answering ({error.Message}); it may have ended or be busy: `hone list` shows what is there, run the same command again", Failed),
        IOException or UnauthorizedAccessException => ($"expected to read and write files, could not: {error.Message}; make room or choose another folder, and run the same command again", Failed),
        _ => ($"something unexpected happened: {error.Message} ({error.GetType().Name}); use --verbose for the trace", Failed),
    };

    private static string OneLine(string text) => string.Join(" ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
