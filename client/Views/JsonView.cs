using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hone.Client.Follow;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Views;

/// <summary>For machines: the status as one JSON object per line when a phase begins and every two seconds; notes as {"note"}.</summary>
internal sealed class JsonView(TextWriter output, TimeProvider time) : IRunView
{
    /// <summary>Status records as JSON: the Model's rule, and phases in lower case.</summary>
    public static readonly JsonSerializerOptions Options = new(StudyJson.Options) { Converters = { new JsonStringEnumConverter<StudyPhase>(JsonNamingPolicy.CamelCase) } };

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private StudyPhase _phase;
    private long _said;

    public void Show(RunState state)
    {
        if (state.Status.Phase == _phase && time.GetElapsedTime(_said) < Every) return;
        (_phase, _said) = (state.Status.Phase, time.GetTimestamp());
        JsonObject line = Of(state.Status);
        line["elapsed_s"] = Math.Round(state.Elapsed.TotalSeconds, 1);
        if (state.Left is { } left) line["left_s"] = Math.Round(left.TotalSeconds, 1);
        line["front"] = state.Front.Count;
        output.WriteLine(line.ToJsonString(Options));
    }

    public void Note(string line) => output.WriteLine(new JsonObject { ["note"] = line }.ToJsonString(Options));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A status without what only the client needs to copy files.</summary>
    public static JsonObject Of(StudyStatus status)
    {
        JsonObject line = JsonSerializer.SerializeToNode(status, Options)!.AsObject();
        line.Remove("artifacts");
        line.Remove("blobRoot");
        return line;
    }
}
