using Spectre.Console;

namespace Hone.Client.Tests.Views;

/// <summary>What a view writes, as plain text.</summary>
internal static class Rendering
{
    public static string Of(Action<IAnsiConsole> write, int columns = 400)
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = columns;
        write(console);
        return output.ToString();
    }
}
