using System.CommandLine;
using Hone.Client.Telemetry;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>The whole command line: its verbs, its errors, its exit codes (0 done, 1 failed, 2 wrong request).</summary>
internal static class HoneCommand
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        bool verbose = args.Contains("--verbose");
        using IDisposable? telemetry = ClientTelemetry.Start();
        try
        {
            RootCommand root = Build(terminal);
            ParseResult parsed = root.Parse(args);
            if (parsed.Errors.Count > 0) throw new SpecException(Explain(parsed));
            // Signals are the verbs' own matter: the first Ctrl-C is a graceful stop.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error,
            });
        }
        catch (Exception e)
        {
            return ErrorLine.Say(e, terminal.Error, verbose);
        }
    }

    internal static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Fits neural networks and quantum circuits to the hardware that will run them.")
        {
            RunVerb.Create(terminal), SubmitVerb.Create(terminal), ListVerb.Create(terminal), StatusVerb.Create(terminal), WatchVerb.Create(terminal),
            PauseVerb.Create(terminal), ResumeVerb.Create(terminal), StopVerb.Create(terminal), ExtendVerb.Create(terminal), RetryVerb.Create(terminal),
            FrontVerb.Create(terminal), ExplainVerb.Create(terminal), RetargetVerb.Create(terminal), ExportVerb.Create(terminal), VerifyVerb.Create(terminal),
            DeviceVerb.Create(terminal), TokenVerb.Create(terminal), DataVerb.Create(terminal), BlobsVerb.Create(terminal), BenchVerb.Create(terminal), ChaosVerb.Create(terminal), CircuitVerb.Create(terminal),
        };
        root.Add(new Option<bool>("--json") { Description = "print JSON for machines", Recursive = true });
        root.Add(new Option<bool>("--verbose") { Description = "print the trace of an unexpected error", Recursive = true });
        return root;
    }

    /// <summary>The parser's first complaint as what was expected, what came, what to do.</summary>
    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string where = string.Join(" ", Path(parsed.CommandResult).Reverse()), help = $"see '{where} --help'";
        if (parsed.UnmatchedTokens.FirstOrDefault() is not { } token)
            return $"{parsed.Errors[0].Message.TrimEnd('.')}; {help}";
        bool option = token.StartsWith('-');
        string[] known = option ? [.. Options(parsed.CommandResult)] : [.. command.Subcommands.Select(c => c.Name)];
        string expected = option ? "an option" : command.Subcommands.Any() ? "a verb" : "no further argument";
        string near = Nearest.Of(token, known) is { } nearest ? $"did you mean '{nearest}'? " : "";
        return $"{where}: expected {expected}{(known.Length > 0 && !option ? $" ({string.Join(", ", known)})" : "")}, got '{token}'; {near}{help}";
    }

    private static IEnumerable<string> Path(System.CommandLine.Parsing.CommandResult result)
    {
        for (System.CommandLine.Parsing.SymbolResult? at = result; at is not null; at = at.Parent)
            if (at is System.CommandLine.Parsing.CommandResult { Command: var command }) yield return command is RootCommand ? "hone" : command.Name;
    }

    private static IEnumerable<string> Options(System.CommandLine.Parsing.CommandResult result)
    {
        foreach (Option option in result.Command.Options) yield return option.Name;
        for (System.CommandLine.Parsing.SymbolResult? at = result.Parent; at is not null; at = at.Parent)
            if (at is System.CommandLine.Parsing.CommandResult { Command: var command })
                foreach (Option option in command.Options.Where(o => o.Recursive)) yield return option.Name;
    }
}
