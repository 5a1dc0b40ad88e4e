using Spectre.Console;

namespace Hone.Client;

/// <summary>Where a command writes: standard output, the error line, and Spectre's console over the former.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors, one line each.</param>
/// <param name="Live">Whether the output is a terminal that a live screen can be drawn on.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Live)
{
    /// <summary>Characters per line where nobody says: tables in files and pipes need not wrap at 80.</summary>
    private const int WideColumns = 200;

    private IAnsiConsole? _console;

    public static Terminal OfThisProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    public IAnsiConsole Screen => _console ??= Make();

    private IAnsiConsole Make()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out), Ansi = Live ? AnsiSupport.Detect : AnsiSupport.No, Interactive = Live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!Live) console.Profile.Width = WideColumns;
        return console;
    }
}
