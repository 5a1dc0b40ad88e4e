using System.Diagnostics;
using System.Text;

namespace Hone.Benchmarks.Fuzz;

/// <summary>What should not have happened, each kind once with the input that shows it again.</summary>
internal sealed class Findings(string folder, TextWriter output)
{
    /// <summary>An input that takes longer than this is a finding: nothing that small may cost that much.</summary>
    public static readonly TimeSpan TooLong = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <param name="kind">Equal kinds are told once.</param>
    /// <param name="what">What happened.</param>
    /// <param name="input">What shows it again.</param>
    public void Add(string kind, string what, byte[] input)
    {
        Count++;
        if (!_kinds.Add(kind)) return;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{_kinds.Count}.txt");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(what + "\n\n"), .. input]);
        output.WriteLine($"found: {what.Split('\n')[0]} (input in {path})");
    }

    /// <summary>Runs an input through; whatever is thrown that the check does not expect, and whatever takes too long, is a finding.</summary>
    /// <returns>Whether it was taken without an error.</returns>
    public bool Check(string where, byte[] input, Action run, Func<Exception, bool> expected)
    {
        long start = Stopwatch.GetTimestamp();
        bool taken = true;
        try
        {
            run();
        }
        catch (Exception e)
        {
            taken = false;
            if (!expected(e)) Add($"{where} {e.GetType().Name} {Frame(e)}", $"{where}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}\n{e}", input);
        }
        if (Stopwatch.GetElapsedTime(start) is var took && took > TooLong) Add($"{where} slow", $"{where}: took {took.TotalSeconds:0.0} s, expected less than {TooLong.TotalSeconds:0}", input);
        return taken;
    }

    // The first place of ours, so that one mistake is one kind.
    private static string Frame(Exception e) => e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Hone.", StringComparison.Ordinal))?.Trim() ?? "";
}
