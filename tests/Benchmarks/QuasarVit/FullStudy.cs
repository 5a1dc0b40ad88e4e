using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using YamlDotNet.RepresentationModel;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The full study: its file, and what a run of it left.</summary>
internal static class FullStudy
{
    private const string File = "client/studies/quasar-vit-full.yaml", Result = "artifacts/quasar-vit-full";

    /// <summary>What makes the result that is read here.</summary>
    public const string Command = $"hone run {File} --out {Result}";

    /// <summary>Hash of the study file.</summary>
    public static string Hash => BlobId.Of(System.IO.File.ReadAllBytes(Path.Combine(Places.Repository, File))).Hex[..16];

    /// <summary>The recipe of its supernet, and the epochs that each chosen member is fine-tuned for.</summary>
    public static (Recipe Recipe, double TuneEpochs) Training
    {
        get
        {
            using StreamReader reader = System.IO.File.OpenText(Path.Combine(Places.Repository, File));
            var yaml = new YamlStream();
            yaml.Load(reader);
            var root = (YamlMappingNode)yaml.Documents[0].RootNode;
            var (training, data) = ((YamlMappingNode)root["training"], (YamlMappingNode)root["data"]);
            double Number(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value)
                ? double.Parse(((YamlScalarNode)value).Value!, CultureInfo.InvariantCulture) : throw new HoneException($"{File}: expected {key} in it: the evidence reads the study's recipe there");
            return (new Recipe((int)Number(data, "train"), 0, (int)Number(training, "epochs"), (int)Number(training, "batch"), Number(training, "peak_rate"),
                Number(training, "warm_up_epochs"), Number(training, "float_share"), (int)Number(training, "crop")), Number(training, "tune_epochs"));
        }
    }

    /// <summary>The folder of the member of that rank.</summary>
    /// <exception cref="HoneException">The study was not run.</exception>
    public static string Member(int rank)
    {
        string folder = Path.Combine(Places.Repository, Result, "models", $"{rank}");
        return Directory.Exists(folder) ? folder : throw new HoneException($"expected the result of the full study in {Result}, there is none; make it with: {Command}");
    }

    /// <summary>Minutes from the beginning of the training to the end of the study, pauses between runs left out [measured].</summary>
    public static double Minutes
    {
        get
        {
            double minutes = 0;
            DateTimeOffset? last = null;
            foreach (string line in System.IO.File.ReadLines(Path.Combine(Places.Repository, Result, "log.jsonl")))
            {
                JsonNode entry = JsonNode.Parse(line)!;
                if ((string?)entry["at"] is not { } text) continue;
                DateTimeOffset time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
                if (last is { } before && time - before < TimeSpan.FromMinutes(1)) minutes += (time - before).TotalMinutes;
                last = time;
            }
            return minutes;
        }
    }
}
