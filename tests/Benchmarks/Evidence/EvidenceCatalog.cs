using Hone.Benchmarks.CompVqc;
using Hone.Benchmarks.QuasarVit;
using Hone.Benchmarks.TokenSparsity;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>The methods whose evidence can be run: one line each.</summary>
internal static class EvidenceCatalog
{
    private static readonly Dictionary<string, Func<bool, IEvidence>> Known = new(StringComparer.Ordinal)
    {
        ["compvqc"] = smoke => new CompVqcEvidence(smoke ? VqcScale.Smoke : VqcScale.Full),
        ["quasar-vit"] = smoke => new QuasarVitEvidence(smoke ? Scale.Smoke : Scale.Full),
    };

    /// <summary>Methods whose evidence is one command with a --method.</summary>
    public const string TokenSparsity = "token-sparsity";

    private static readonly Dictionary<string, Func<bool, IEvidence>> Sparse = new(StringComparer.Ordinal)
    {
        ["data-ticket"] = smoke => TokenEvidence.DataTicket(smoke ? TokenScale.Smoke : TokenScale.Full),
        ["heatvit"] = smoke => TokenEvidence.HeatVit(smoke ? TokenScale.Smoke : TokenScale.Full),
        ["tri-level"] = smoke => TokenEvidence.TriLevel(smoke ? TokenScale.Smoke : TokenScale.Full),
        ["spvit"] = smoke => TokenEvidence.Spvit(smoke ? TokenScale.Smoke : TokenScale.Full),
    };

    public static IEnumerable<string> Names => [.. Known.Keys.Order(StringComparer.Ordinal), TokenSparsity];

    public static IEnumerable<string> Methods => Sparse.Keys.Order(StringComparer.Ordinal);

    /// <param name="method">Which of token-sparsity's methods; null for evidence that has none. Workers name it alone.</param>
    /// <param name="smoke">A scale of seconds that proves the machinery and nothing else.</param>
    /// <exception cref="SpecException">No such evidence.</exception>
    public static IEvidence Open(string name, string? method, bool smoke)
    {
        if (name == TokenSparsity)
            return method is not null && Sparse.TryGetValue(method, out var sparse) ? sparse(smoke) : throw Unknown("--method", method ?? "nothing", Methods);
        if (method is not null) throw new SpecException($"--method: expected none with evidence {name}, got '{method}'");
        return Sparse.TryGetValue(name, out var open) || Known.TryGetValue(name, out open) ? open(smoke) : throw Unknown("evidence", name, Names);
    }

    private static SpecException Unknown(string what, string came, IEnumerable<string> known) =>
        new($"{what}: expected one of {string.Join(", ", known)}, got '{came}'{(Nearest.Of(came, [.. known]) is { } near ? $"; did you mean '{near}'?" : "")}");
}
