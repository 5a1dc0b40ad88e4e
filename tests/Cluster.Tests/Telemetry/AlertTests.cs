using System.ComponentModel;
using System.Diagnostics;
using Hone.Cluster.Tests.Running;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>The alert rules as Prometheus' own tool sees them.</summary>
public class AlertTests
{
    private static (int Code, string Output) Promtool(string folder, params string[] args)
    {
        try
        {
            using var promtool = Process.Start(new ProcessStartInfo("promtool", args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = promtool.StandardError.ReadToEndAsync();
            string output = promtool.StandardOutput.ReadToEnd() + error.Result;
            promtool.WaitForExit();
            return (promtool.ExitCode, output);
        }
        catch (Win32Exception)
        {
            Assert.Skip("install promtool (of Debian's package prometheus; tests/run does so)");
            throw;
        }
    }

    [Fact]
    public void PromtoolAcceptsTheRules()
    {
        var (code, output) = Promtool(DashboardTests.Folder, "check", "rules", "alerts.yaml");
        Assert.True(code == 0, output);
        Assert.Contains("11 rules found", output);
    }

    [Fact]
    public void RulesAlertWhenTheyShouldAndNotOtherwise()
    {
        using var scratch = new Scratch();
        File.Copy(Path.Combine(DashboardTests.Folder, "alerts.yaml"), Path.Combine(scratch.Folder, "alerts.yaml"));
        File.Copy(Path.Combine(Repository.Root, "tests", "Cluster.Tests", "Telemetry", "alerts.test.yaml"), Path.Combine(scratch.Folder, "alerts.test.yaml"));
        var (code, output) = Promtool(scratch.Folder, "test", "rules", "alerts.test.yaml");
        Assert.True(code == 0, output);
    }
}
