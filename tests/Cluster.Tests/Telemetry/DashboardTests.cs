using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>Dashboards and alert rules against what silos really tell.</summary>
[Collection<TracedClusterCollection>]
public partial class DashboardTests(TracedCluster cluster)
{
    internal static readonly string Folder = Path.Combine(Repository.Root, "k8s", "dashboards");

    private static string[] Dashboards => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Expressions(string dashboard) =>
        from panel in JsonNode.Parse(File.ReadAllText(dashboard))!["panels"]!.AsArray()
        from target in panel!["targets"]!.AsArray()
        select (string)target!["expr"]!;

    private static IEnumerable<string> Rules => Expr().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yaml"))).Select(m => m.Groups[1].Value);

    /// <summary>Names of series in a query: words that are neither functions, labels, nor keywords. What stands in braces or after `by` names labels.</summary>
    private static IEnumerable<string> Series(string expression) => Word().Matches(Labels().Replace(Grouping().Replace(expression, ""), "")).Select(m => m.Value).Where(w => w.Contains('_', StringComparison.Ordinal) && w is not "histogram_quantile");

    [Fact]
    public async Task EveryMeterOfADashboardOrAnAlertIsOneThatSilosTell()
    {
        HashSet<string> told = [.. (await ExposedNames.OfEveryInstrument()).Names, .. cluster.Scrapes.Values.SelectMany(s => new Exposition(s).Names)];
        foreach (string dashboard in Dashboards)
            foreach (string expression in Expressions(dashboard))
            {
                Assert.NotEmpty(Series(expression));
                Assert.All(Series(expression), name => Assert.True(told.Contains(name), $"{Path.GetFileName(dashboard)}: {name} in {expression}"));
            }
        Assert.Equal(11, Rules.Count());
        foreach (string rule in Rules) Assert.All(Series(rule), name => Assert.True(told.Contains(name), $"alerts.yaml: {name}"));
    }

    [Fact]
    public void DashboardsHaveNamesOfTheirOwnAndPanelsThatDoNotOverlap()
    {
        Assert.Equal(5, Dashboards.Length);
        foreach (string file in Dashboards)
        {
            JsonNode dashboard = JsonNode.Parse(File.ReadAllText(file))!;
            Assert.Equal(Path.GetFileNameWithoutExtension(file), (string)dashboard["uid"]!);
            HashSet<(int, int)> taken = [];
            foreach (JsonNode? panel in dashboard["panels"]!.AsArray())
            {
                var (x, y, w, h) = ((int)panel!["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!, (int)panel["gridPos"]!["w"]!, (int)panel["gridPos"]!["h"]!);
                Assert.InRange(x + w, 1, 24);
                for (int i = 0; i < w * h; i++) Assert.True(taken.Add((x + i % w, y + i / w)), $"{file}: {panel["title"]} overlaps");
            }
        }
    }

    [Fact]
    public void EveryFileIsProvisionedByTheKustomization()
    {
        string kustomization = File.ReadAllText(Path.Combine(Folder, "kustomization.yaml"));
        Assert.Equal(Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Where(f => f != "kustomization.yaml").Order(),
            Listed().Matches(kustomization).Select(m => m.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"^ *expr: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Expr();

    [GeneratedRegex(@"^ *- ([\w-]+\.(?:json|yaml))$", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring) ?\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Labels();

    [GeneratedRegex(@"[a-zA-Z_][a-zA-Z0-9_]*")]
    private static partial Regex Word();
}
