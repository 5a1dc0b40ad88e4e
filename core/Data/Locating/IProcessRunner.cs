namespace Hone.Data;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line said, for an error message.</summary>
    internal string LastLine => (Error + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(line => !line.StartsWith("W:", StringComparison.Ordinal)).LastOrDefault() ?? $"exit code {ExitCode}";
}

/// <summary>Runs a program of the machine to its end.</summary>
public interface IProcessRunner
{
    /// <summary>Null when there is no such program here. A cancelled run is killed with its children.</summary>
    Task<ProcessResult?> RunAsync(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancel);
}
