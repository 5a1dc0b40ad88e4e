using Hone.Model;

namespace Hone.Client.Chaos;

/// <summary>One planned death: when, from the first on, whom, and which of them.</summary>
internal sealed record Death(TimeSpan At, Victim Victim, int Which);

/// <summary>What is to die, drawn from a seed, so that a run that broke something can be had again.</summary>
/// <param name="Victims">Kinds to choose from.</param>
/// <param name="Every">The mean time between two deaths; each comes up to a quarter of it earlier or later.</param>
/// <param name="For">No death comes after that.</param>
/// <param name="Seed">Of the draws.</param>
internal sealed record ChaosPlan(IReadOnlyList<Victim> Victims, TimeSpan Every, TimeSpan For, ulong Seed)
{
    private const uint Stream = 100;   // no study draws from it

    /// <summary>The deaths in order; kinds come in rounds, so that each has its turn.</summary>
    /// <param name="workers">How many there are.</param>
    public IEnumerable<Death> Deaths(int workers)
    {
        var chance = new Chance(Seed, Stream);
        int[] round = [];
        for (int i = 0; ; i++)
        {
            if (i % Victims.Count == 0) round = chance.Permutation(Victims.Count);
            TimeSpan at = Every * (i + 1 + (chance.NextDouble() - 0.5) / 2);
            if (at > For) yield break;
            yield return new Death(at, Victims[round[i % Victims.Count]], chance.Next(workers));
        }
    }

    /// <summary>A list such as "silo,worker,client".</summary>
    /// <exception cref="SpecException">A word is none of them, or there is none.</exception>
    public static IReadOnlyList<Victim> Parse(string text)
    {
        List<Victim> victims = [];
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            victims.Add(Enum.TryParse(word, ignoreCase: true, out Victim victim) && !int.TryParse(word, out _) ? victim
                : throw new SpecException($"--kill: expected silo, worker or client, or some of them with commas between, got '{word}'"));
        return victims.Count > 0 ? [.. victims.Distinct()] : throw new SpecException("--kill: expected silo, worker or client, or some of them with commas between, got none");
    }

    /// <summary>A time such as "20s" or "5m".</summary>
    /// <exception cref="SpecException">Neither.</exception>
    public static TimeSpan Time(string option, string text)
    {
        double unit = text.EndsWith('m') ? 60 : 1;
        if (text.Length < 2 || text[^1] is not ('s' or 'm') || !double.TryParse(text[..^1], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) || !(value * unit is >= 1 and <= 86_400))
            throw new SpecException($"{option}: expected a time from 1s to a day, such as 20s or 5m, got '{text}'");
        return TimeSpan.FromSeconds(value * unit);
    }
}
