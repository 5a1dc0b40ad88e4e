using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>Lays a finished study into its folder: the artifacts from the blob store, then what is drawn from them.</summary>
internal static class ResultWriter
{
    public const string Front = "front.json";

    /// <param name="folder">Holds all trials already.</param>
    /// <param name="status">Of a study that is done.</param>
    /// <exception cref="HoneException">A blob is missing or changed, a path leaves the folder, or the folder cannot be written.</exception>
    /// <param name="blobs">Where the bytes come from.</param>
    public static async Task<FrontFile> WriteAsync(ResultFolder folder, StudyStatus status, IBlobSource blobs, CancellationToken cancel)
    {
        folder.KeepModels(status.Artifacts.Select(a => a.Path.Split('/')).Where(p => p is ["models", _, ..]).Select(p => p[1]).ToHashSet());
        foreach (Artifact artifact in status.Artifacts.AsEnumerable())
        {
            await using Stream content = await blobs.OpenAsync(artifact.Blob, status.BlobRoot, cancel);
            folder.Copy(content, artifact.Path);
        }
        FrontFile front = FrontFile.Load(folder.At(Front));
        Draw(folder, front);
        return front;
    }

    /// <summary>Writes front.csv, front.svg and report.html from front.json and trials.jsonl, and from costs.json and the members' training.json where they are.</summary>
    public static void Draw(ResultFolder folder, FrontFile front)
    {
        TrialColumns trials = TrialColumns.Read(folder.At("trials.jsonl"), front.Objectives, front.Fidelity);
        folder.WriteWhole("front.csv", FrontCsv.Text(front));
        folder.WriteWhole("front.svg", FrontSvg.Text(FrontPlot.Of(front, trials), front.Study, $"{front.Method}, seed {front.Seed}: {trials.Evaluated} evaluated{(trials.Lower > 0 ? $" ({trials.Lower} on lower rungs)" : "")}, {trials.Rejections.Count} rejected"));
        Dictionary<string, string> models = MemberFolders(folder);
        folder.WriteWhole("report.html", ReportHtml.Text(front, trials, models, CostsFile.Load(folder.At(CostsFile.Name)), Curves(folder, front, models)));
    }

    private static IReadOnlyList<SharedCurve> Curves(ResultFolder folder, FrontFile front, Dictionary<string, string> models) => TrainingFile.Shared(
        from member in front.Along(front.Members).Concat(front.Along(front.Demoted))
        where models.ContainsKey(member.Key)
        let path = folder.At(Path.Combine(models[member.Key], TrainingFile.Name))
        where File.Exists(path)
        select (member.Ordinal, TrainingFile.Parse(File.ReadAllText(path), path)));

    /// <summary>The exported members' folders, by candidate key as their manifests tell it.</summary>
    private static Dictionary<string, string> MemberFolders(ResultFolder folder)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        string models = folder.At("models");
        if (!Directory.Exists(models)) return folders;
        foreach (string path in Directory.GetDirectories(models).Order(StringComparer.Ordinal))
        {
            string manifest = Path.Combine(path, "manifest.json");
            if (File.Exists(manifest) && System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(manifest))?["key"] is { } key)
                folders[key.ToString()] = "models/" + Path.GetFileName(path);
        }
        return folders;
    }
}
