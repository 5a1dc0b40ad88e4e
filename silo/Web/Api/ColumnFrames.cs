using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Contracts;

namespace Hone.Silo.Web.Api;

/// <summary>
/// How columns travel: frame after frame, each a line of JSON <c>{"from", "count", "metrics": [{"metric", "unit", "origin"}]}</c>, then a byte for each trial's outcome, then, where
/// the line has <c>"fidelity": true</c>, a byte for each trial's rung (255: none), then for each metric a 64-bit float for each trial, little-endian, NaN where it has none.
/// </summary>
internal static class ColumnFrames
{
    public const string Type = "application/vnd.hone.columns";

    /// <summary>A page's frame.</summary>
    public static byte[] Frame(ColumnPage page)
    {
        var head = new JsonObject
        {
            ["from"] = page.From, ["count"] = page.Outcomes.Length,
            ["metrics"] = new JsonArray([.. page.Metrics.Select(m => (JsonNode)new JsonObject { ["metric"] = m.Metric, ["unit"] = m.Unit, ["origin"] = m.Origin.ToString() })]),
        };
        if (page.Fidelities is not null) head["fidelity"] = true;
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(head);
        byte[] rungs = page.Fidelities ?? [];
        byte[] frame = new byte[line.Length + 1 + page.Outcomes.Length * (1 + sizeof(double) * page.Metrics.Count) + rungs.Length];
        line.CopyTo(frame, 0);
        frame[line.Length] = (byte)'\n';
        page.Outcomes.CopyTo(frame, line.Length + 1);
        rungs.CopyTo(frame, line.Length + 1 + page.Outcomes.Length);
        int at = line.Length + 1 + page.Outcomes.Length + rungs.Length;
        foreach (MetricColumn metric in page.Metrics)
        {
            foreach (double value in metric.Values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(frame.AsSpan(at), value);
                at += sizeof(double);
            }
        }
        return frame;
    }
}
