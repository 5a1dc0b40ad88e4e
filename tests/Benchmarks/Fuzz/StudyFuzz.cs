using System.Text;
using System.Text.Json.Nodes;
using Hone.Client.Specs;
using Hone.Model;
using Hone.Silo.Web.Api;
using Hone.Studies;

namespace Hone.Benchmarks.Fuzz;

/// <summary>Feeds spoiled studies to what reads them: the file as YAML, the body as JSON, and the catalog that opens what could be read. All they may say is that the study is wrong.</summary>
internal sealed class StudyFuzz(Chance chance, Findings findings, IReadOnlyList<string> files)
{
    private readonly Mutation _mutation = new(chance);

    public int Runs { get; private set; }

    /// <summary>How many spoiled studies were still good ones.</summary>
    public int Taken { get; private set; }

    public void Step()
    {
        Runs++;
        string good = files[chance.Next(files.Count)];
        if (chance.Happens(0.5)) Yaml(chance.Happens(0.1) ? _mutation.Bomb() : _mutation.Of(good));
        else Json(chance.Happens(0.1) ? _mutation.Bomb() : _mutation.Of(StudyJson.Canonical(Read(good))));
    }

    /// <summary>The values of a study file.</summary>
    public static JsonObject Read(string yaml) => new YamlReader("fuzz", new StringReader(yaml)).Read();

    private void Yaml(string text)
    {
        byte[] input = Encoding.UTF8.GetBytes(text);
        Open("YAML", input, () => Read(text));
    }

    private void Json(string text)
    {
        byte[] input = _mutation.Bytes(text);
        Open("JSON", input, () => RequestBody.Parse(input));
    }

    private void Open(string form, byte[] input, Func<JsonObject> read)
    {
        StudySpec? spec = null;
        findings.Check($"reading {form}", input, () => spec = StudySpec.Parse(SpecOf(StudyJson.Canonical(read()))), e => e is SpecException);
        if (spec is not null && findings.Check("opening a study", input, () => StudyCatalog.Open(spec), e => e is HoneException)) Taken++;
    }

    // By way of its canonical text, as it travels.
    private static JsonObject SpecOf(string canonical) => (JsonObject)JsonNode.Parse(canonical)!;
}
