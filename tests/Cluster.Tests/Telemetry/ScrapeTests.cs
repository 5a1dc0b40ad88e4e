using Hone.Grains.Telemetry;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>A scrape of every silo, read strictly.</summary>
[Collection<TracedClusterCollection>]
public class ScrapeTests(TracedCluster cluster)
{
    [Fact]
    public void EverySiloTellsTheMetersOfItsRoleInTheTextFormat()
    {
        string[] everywhere = ["target_info", "orleans_grains", "dotnet_gc_collections_total", "kestrel_active_connections", "hone_slots"];
        string[] control = ["hone_studies", "hone_phase_duration_seconds", "hone_trials_total", "hone_trial_duration_seconds", "hone_commit_duration_seconds", "hone_replay_duration_seconds",
            "hone_front_hypervolume", "hone_queue_depth", "hone_queue_age_seconds", "hone_leases_total", "hone_queue_wait_seconds"];
        string[] worker = ["hone_slot_busy_seconds_total", "hone_job_duration_seconds"];
        Assert.Empty(everywhere.Concat(control).Except(new Exposition(cluster.Scrapes["control"]).Types.Keys));
        Assert.Empty(everywhere.Concat(worker).Except(new Exposition(cluster.Scrapes["worker"]).Types.Keys));
    }

    [Fact]
    public void CountsAreThoseOfTheStudy()
    {
        Sample[] trials = [.. new Exposition(cluster.Scrapes["control"]).Samples.Where(s => s.Name == "hone_trials_total")];
        Assert.Equal(40, trials.Single(t => t.Labels["outcome"] == "evaluated").Value);
        Assert.InRange(trials.Single(t => t.Labels["outcome"] == "rejected").Value, 1, 1_000);
        Assert.All(trials, t => Assert.Equal("synthetic", t.Labels["method"]));
        Sample done = new Exposition(cluster.Scrapes["worker"]).Samples.Single(s => s.Name == "hone_job_duration_seconds_count" && s.Labels["job"] == "evaluate");
        Assert.InRange(done.Value, 40, 60);   // those near the front are ranked once more
        Assert.Equal("completed", done.Labels["end"]);
    }

    [Fact]
    public void NoLabelTakesAValueThatGrowsWithWhatPeopleRun()
    {
        var closed = HoneMeter.Table.SelectMany(row => row.Labels).DistinctBy(l => l.Name).ToDictionary(l => l.Name, l => l.Values);
        foreach (Sample sample in cluster.Scrapes.Values.SelectMany(s => new Exposition(s).Samples))
        {
            foreach (var (label, value) in sample.Labels)
            {
                Assert.DoesNotContain(TracedCluster.Study, value);
                Assert.DoesNotContain("x1=", value);     // a candidate's key
                Assert.DoesNotContain("page-", value);   // a state of its own for every page of a journal
                if (sample.Name.StartsWith("hone_", StringComparison.Ordinal) && label is not ("le" or "otel_scope_name")) Assert.Contains(value, closed[label]);
            }
        }
    }
}
