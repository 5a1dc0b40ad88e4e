using System.Text.Json;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>How something went during a training.</summary>
/// <param name="Name">What was trained, for example "supernet" or "fine-tuning".</param>
/// <param name="Metric">What y is, for example "loss".</param>
/// <param name="X">What x is, for example "image passes".</param>
/// <param name="Points">Pairs of x and y.</param>
internal sealed record Curve(string Name, string Metric, string X, IReadOnlyList<IReadOnlyList<double>> Points);

/// <summary>A curve and the members whose file holds it: what members share is in each one's.</summary>
internal sealed record SharedCurve(Curve Curve, IReadOnlyList<int> Ordinals);

/// <summary>The content of a member's training.json.</summary>
internal sealed record TrainingFile(IReadOnlyList<Curve> Curves)
{
    public const string Name = "training.json";

    private static readonly JsonSerializerOptions Strict = new(StudyJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <exception cref="HoneException">Not the text of a training.json; the message names <paramref name="where"/>.</exception>
    public static TrainingFile Parse(string text, string where) => FrontFile.Guarded(where, () =>
    {
        TrainingFile file = JsonSerializer.Deserialize<TrainingFile>(text, Strict)!;
        if (file.Curves.Any(c => c.Points.Any(p => p.Count != 2))) throw new FormatException("a point that is not a pair");
        return file;
    });

    /// <summary>The curves of all members, equal ones once, in the order in which they are first met.</summary>
    public static IReadOnlyList<SharedCurve> Shared(IEnumerable<(int Ordinal, TrainingFile File)> members)
    {
        var seen = new Dictionary<string, (Curve Curve, List<int> Ordinals)>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach ((int ordinal, TrainingFile file) in members)
            foreach (Curve curve in file.Curves.Where(c => c.Points.Count > 0))
            {
                string content = JsonSerializer.Serialize(curve);
                if (seen.TryAdd(content, (curve, []))) order.Add(content);
                seen[content].Ordinals.Add(ordinal);
            }
        return [.. order.Select(content => new SharedCurve(seen[content].Curve, seen[content].Ordinals))];
    }
}
