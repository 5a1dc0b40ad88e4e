using System.Text.Json.Nodes;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Chaos;

/// <summary>One death as it went.</summary>
/// <param name="Victim">Who died.</param>
/// <param name="At">Since the beginning.</param>
/// <param name="Recovery">From the death until something new was committed (for the client: until it had written again all that was committed); null: never.</param>
/// <param name="Replaced">From the death until its replacement's process was started; null where the work went on without it.</param>
internal sealed record DeathRecord(Victim Victim, TimeSpan At, TimeSpan? Recovery, TimeSpan? Replaced)
{
    /// <summary>Of the recovery, what followed the start of the replacement; null where there was no need of it.</summary>
    public TimeSpan? SinceReplaced => Recovery - Replaced;
}

/// <summary>What a run under chaos gave.</summary>
/// <param name="Seed">Of the deaths.</param>
/// <param name="Trials">Committed at the end.</param>
/// <param name="Elapsed">From the first committed trial to the end of the study.</param>
/// <param name="Deaths">In order.</param>
/// <param name="Invariants">As they were found.</param>
internal sealed record ChaosResult(ulong Seed, int Trials, TimeSpan Elapsed, IReadOnlyList<DeathRecord> Deaths, IReadOnlyList<Invariant> Invariants)
{
    public bool Broken => Invariants.Any(i => i.Broken > 0 || i.Checked == 0);

    private IEnumerable<(Victim Victim, int Count, double[] Recoveries, double[] Since)> Kinds => Deaths.GroupBy(d => d.Victim).OrderBy(g => g.Key)
        .Select(g => (g.Key, g.Count(), Seconds(g.Select(d => d.Recovery)), Seconds(g.Select(d => d.SinceReplaced))));

    public JsonObject Json() => new()
    {
        ["seed"] = Seed, ["trials"] = Trials, ["elapsed_s"] = Math.Round(Elapsed.TotalSeconds, 1), ["broken"] = Broken, ["kills"] = Deaths.Count,
        ["killed"] = new JsonArray([.. Kinds.Select(k => new JsonObject
        {
            ["kind"] = Name(k.Victim), ["kills"] = k.Count, ["recovered"] = k.Recoveries.Length, ["median_s"] = Median(k.Recoveries), ["max_s"] = k.Recoveries.Length == 0 ? null : Math.Round(k.Recoveries[^1], 1),
            ["median_since_replaced_s"] = Median(k.Since),
        })]),
        ["invariants"] = new JsonArray([.. Invariants.Select(i => new JsonObject
        {
            ["name"] = i.Name, ["checked"] = i.Checked, ["broken"] = i.Broken, ["told"] = new JsonArray([.. i.Told.Select(t => (JsonNode)t)]),
        })]),
    };

    public void Write(IAnsiConsole console)
    {
        var kills = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "killed", "times", "recovered", "median", "max", "median since its replacement was started" }) kills.AddColumn(column);
        foreach (var (victim, count, recoveries, since) in Kinds)
            kills.AddRow(Name(victim), $"{count}", $"{recoveries.Length}", Told(Median(recoveries)), Told(recoveries.Length == 0 ? null : recoveries[^1]), since.Length == 0 ? "not needed" : Told(Median(since)));
        console.Write(kills);
        var invariants = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "invariant", "checked", "broken", "" }) invariants.AddColumn(column);
        foreach (Invariant i in Invariants)
            invariants.AddRow(Markup.Escape(i.Name), $"{i.Checked}", $"{i.Broken}", i.Checked == 0 ? "[yellow]never looked at[/]" : i.Broken == 0 ? "[green]holds[/]" : $"[red]broken[/] {Markup.Escape(i.Told[0])}");
        console.Write(invariants);
        console.WriteLine($"{Trials} trials in {Elapsed.TotalSeconds:0} s under {Deaths.Count} kills (seed {Seed}): {(Broken ? "something broke" : "every invariant holds")}");
    }

    private static double[] Seconds(IEnumerable<TimeSpan?> times) => [.. times.Select(t => t?.TotalSeconds).OfType<double>().Order()];

    private static string Told(double? seconds) => seconds is { } s ? $"{s:0.0} s" : "-";

    private static double? Median(double[] sorted) => sorted.Length == 0 ? null : Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 1);

    private static string Name(Victim victim) => victim.ToString().ToLowerInvariant();
}
