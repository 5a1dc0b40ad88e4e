using Hone.Client.Verbs;

namespace Hone.Client;

/// <summary>The <c>hone</c> command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => HoneCommand.RunAsync(args, Terminal.OfThisProcess());
}
