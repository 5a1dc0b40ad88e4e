using Hone.Benchmarks.QuasarVit;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>The methods whose evidence can be run: one line each.</summary>
internal static class EvidenceCatalog
{
    private static readonly Dictionary<string, Func<bool, IEvidence>> Known = new(StringComparer.Ordinal)
    {
        ["quasar-vit"] = smoke => new QuasarVitEvidence(smoke ? Scale.Smoke : Scale.Full),
    };

    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <param name="smoke">A scale of seconds that proves the machinery and nothing else.</param>
    /// <exception cref="SpecException">No such evidence.</exception>
    public static IEvidence Open(string name, bool smoke) => Known.TryGetValue(name, out var open) ? open(smoke)
        : throw new SpecException($"evidence: expected one of {string.Join(", ", Names)}, got '{name}'{(Nearest.Of(name, [.. Names]) is { } near ? $"; did you mean '{near}'?" : "")}");
}
