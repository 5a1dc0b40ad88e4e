using System.Text.Json.Nodes;
using Hone.Client.Chaos;
using Hone.Contracts.Local;
using Hone.Client.Tests.Verbs;

namespace Hone.Client.Tests.Chaos;

/// <summary>The built command: a cluster whose members die while it works.</summary>
public sealed class ChaosRunTests
{
    [Fact]
    public async Task EveryKindIsKilledAndEveryInvariantHolds()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "install redis-server (apt-get install redis-server)");
        var (code, output, error) = await BuiltCommand.Run("chaos", "--every", "4s", "--for", "13s", "--json");
        Assert.True(code == 0, error + output);
        JsonNode result = JsonNode.Parse(output.Trim())!;
        Assert.Equal(["silo", "worker", "client"], result["killed"]!.AsArray().Select(k => k!["kind"]!.ToString()));
        Assert.All(result["killed"]!.AsArray(), k => Assert.Equal((int)k!["kills"]!, (int)k["recovered"]!));
        Assert.All(result["invariants"]!.AsArray(), i => Assert.True((int)i!["checked"]! > 0 && (int)i["broken"]! == 0, i.ToJsonString()));
    }
}
