using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Core.Tests.Model;

public class StudySpecTests
{
    private const string Good = """{"study":"s","method":"m","data":{"name":"d"},"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"constraints":[{"metric":"latency_ms","at_most":2}],"seed":7}""";

    private static StudySpec Parse(string text) => StudySpec.Parse((JsonObject)JsonNode.Parse(text)!);

    [Fact]
    public void DefaultsFillWhatIsNotGiven()
    {
        StudySpec spec = Parse(Good);
        Assert.Equal(("nsga2", 32, 4), (spec.Search.Algorithm, spec.Search.Population, spec.Search.Window));
        Assert.Equal([Direction.Maximize, Direction.Minimize], spec.Objectives.Select(o => o.Direction));
        Assert.Equal(["%", "ms"], spec.Objectives.Select(o => o.Unit));
        Assert.Equal(7UL, spec.Seed);
        Assert.True(spec.Constraints[0].Allows(2));
        Assert.False(spec.Constraints[0].Allows(2.1));
    }

    [Theory]
    [InlineData("objectives", "objectivs", "objectives")]
    [InlineData("\"study\":\"s\"", "\"study\":\"a/b\"", "study")]
    [InlineData("\"study\":\"s\"", "\"study\":\"..\"", "study")]
    [InlineData("\"seed\":7", "\"seed\":\"seven\"", "seed")]
    [InlineData("\"seed\":7", "\"budget\":{\"trials\":0}", "budget.trials")]
    [InlineData("\"seed\":7", "\"search\":{\"popluation\":4}", "population")]
    [InlineData("\"seed\":7", "\"search\":{\"rungs\":3}", "search.rungs: expected search.algorithm: halving beside it")]
    [InlineData("\"seed\":7", "\"search\":{\"algorithm\":\"random\",\"eta\":2}", "search.eta: expected search.algorithm: halving beside it")]
    [InlineData("\"seed\":7", "\"search\":{\"algorithm\":\"halving\",\"rung\":3}", "did you mean 'rungs'?")]
    [InlineData("\"seed\":7", "\"search\":{\"algorithm\":\"halving\",\"rungs\":1}", "search.rungs: expected a whole number from 2 to 8")]
    [InlineData("\"seed\":7", "\"search\":{\"algorithm\":\"halving\",\"eta\":1}", "search.eta: expected a whole number from 2 to 10")]
    [InlineData("\"seed\":7", "\"budget\":{\"slot_hours\":-1}", "budget.slot_hours")]
    [InlineData("\"seed\":7", "\"schedule\":{\"weight\":0}", "schedule.weight")]
    [InlineData("\"seed\":7", "\"schedule\":{\"tenant\":\"a/b\"}", "schedule.tenant")]
    [InlineData("\"seed\":7", "\"schedule\":{\"prioritty\":1}", "priority")]
    [InlineData("\"at_most\":2", "\"at_most\":2,\"at_least\":1", "at_most or at_least")]
    [InlineData("{\"metric\":\"accuracy\"}", "{\"metric\":\"accuracy\",\"direction\":\"up\"}", "direction")]
    [InlineData("\"data\":{\"name\":\"d\"}", "\"data\":{}", "data")]
    [InlineData("\"data\":{\"name\":\"d\"}", "\"data\":[1]", "data")]
    public void AWrongKeyTypeOrValueIsNamed(string was, string now, string named)
    {
        SpecException error = Assert.Throws<SpecException>(() => Parse(Good.Replace(was, now, StringComparison.Ordinal)));
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void OnlyHalvingHasRungs()
    {
        Assert.Null(Parse(Good).Search.Rungs);
        Assert.Equal(new Rungs(3, 3), Parse(Good.Replace("\"seed\":7", "\"search\":{\"algorithm\":\"halving\"}", StringComparison.Ordinal)).Search.Rungs);
        Assert.Equal(new Rungs(4, 2), Parse(Good.Replace("\"seed\":7", "\"search\":{\"algorithm\":\"halving\",\"rungs\":4,\"eta\":2}", StringComparison.Ordinal)).Search.Rungs);
    }

    [Fact]
    public void CanonicalTextDoesNotDependOnTheOrderOfKeys() => Assert.Equal(
        StudyJson.Canonical(JsonNode.Parse("""{"b":[1,{"y":2,"x":null}],"a":"é<"}""")!),
        StudyJson.Canonical(JsonNode.Parse("""{"a":"é<","b":[1,{"x":null,"y":2}]}""")!));

    [Fact]
    public void AJournalLineSaysWhatBecameOfTheOrdinal()
    {
        var space = new SearchSpace(Gene.Of("n", 1, 2.5), new Gene("kind", ["a", "b"]));
        string key = space.Canonical([1, 0]).Key;
        Assert.Equal("""{"ordinal":3,"key":"n=2.5,kind=a","genes":{"n":2.5,"kind":"a"},"rejected":{"constraint":"dsp","reason":"too many"}}""",
            StudyJson.Line(new Trial(3, key, new Outcome.Rejected(new Rejection("dsp", "too many"))), space));
        Assert.EndsWith("\"duplicate\":1}", StudyJson.Line(new Trial(3, key, new Outcome.Duplicate(1)), space));
        Assert.EndsWith("\"failed\":{\"code\":\"c\",\"message\":\"m\"},\"fidelity\":2,\"retryOf\":1}", StudyJson.Line(new Trial(3, key, new Outcome.Failed("c", "m"), 2, 1), space));
    }

    [Theory]
    [InlineData("fps", "1/s", Direction.Maximize)]
    [InlineData("accuracy", "%", Direction.Maximize)]
    [InlineData("latency_ms", "ms", Direction.Minimize)]
    public void AnObjectiveHasTheUnitAndTheDirectionOfItsMetric(string metric, string unit, Direction direction) => Assert.Equal(new Objective(metric, direction, unit),
        Parse($$"""{"study":"s","method":"m","data":{"name":"d"},"objectives":[{"metric":"{{metric}}"}]}""").Objectives[0]);
}
