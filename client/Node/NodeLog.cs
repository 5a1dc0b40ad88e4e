using System.Globalization;
using System.Text.Json;
using Hone.Model;
using Hone.Node.Server;

namespace Hone.Node;

/// <summary>What a node says: when it begins and ends, what it measured (a line every few seconds, however many), and when the server is away.</summary>
internal sealed class NodeLog(TextWriter to, bool json, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private long _told = clock.GetTimestamp();
    private int _measured, _before;
    private string _last = "";
    private bool _away, _idle;

    public void Begins(NodeOptions options, NodeInfo node)
    {
        if (json) Say(new NodeEvent("attached", Device: options.Device, Node: node));
        else Say($"{options.Device}: {node.Name} attached to {options.Server.GetLeftPart(UriPartial.Authority)}; {node.Processor}, {node.Instructions}, {node.Threads} of {node.Cores} cores");
    }

    public void Ends()
    {
        Tell();
        if (json) Say(new NodeEvent("ended", Measured: _before));
        else Say($"ended; {_before} measured in all");
    }

    public void Heard()
    {
        if (!_away) return;
        _away = false;
        if (json) Say(new NodeEvent("answers"));
        else Say("the server answers again");
    }

    public void Lost(HttpRequestException why)
    {
        if (_away) return;
        (_away, _idle) = (true, false);
        if (json) Say(new NodeEvent("lost", Why: why.Message));
        else Say($"the server does not answer ({why.Message.TrimEnd('.')}); asking on");
    }

    /// <summary>Nothing to do.</summary>
    public void Idle()
    {
        Tell();
        if (_idle) return;
        _idle = true;
        if (json) Say(new NodeEvent("idle"));
        else Say("waiting: nothing to measure");
    }

    public void Reports(MeasureJob job, NodeReport report, ReportAnswer? answer)
    {
        _idle = false;
        if (json)
        {
            _before++;
            Say(new NodeEvent("report", Report: report, Answer: answer));
            return;
        }
        if (answer is { Counts: false, Why: { } why }) Say($"{Short(job.Id)}: not counted: {why}");
        else if (report.Failure is { } failure) Say($"{Short(job.Id)}: {failure.Message}");
        else if (report.Released is { } reason) Say($"{Short(job.Id)}: given back: {reason}");
        else if (report.Reading is { } r)
        {
            _measured++;
            _last = string.Create(CultureInfo.InvariantCulture, $"{Short(job.Id)} {r.Milliseconds:0.####} ms, MAD {r.Spread:0.####}{(r.Marks.Count > 0 ? $" ({string.Join(", ", r.Marks)})" : "")}");
        }
        if (clock.GetElapsedTime(_told) >= Every) Tell();
    }

    private void Tell()
    {
        if (_measured > 0) Say($"measured {_measured}; last {_last}");
        _before += _measured;
        (_measured, _told) = (0, clock.GetTimestamp());
    }

    private static string Short(string text) => text.Length > 100 ? text[..97] + "..." : text;

    private void Say(NodeEvent what) => Say(JsonSerializer.Serialize(what, NodeJson.Default.NodeEvent));

    private void Say(string line)
    {
        to.WriteLine(line);
        to.Flush();
    }
}

/// <summary>A line of <c>--json</c>.</summary>
internal sealed record NodeEvent(string Event, string? Device = null, NodeInfo? Node = null, int? Measured = null, string? Why = null, NodeReport? Report = null, ReportAnswer? Answer = null);
