using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Server;

public sealed class ServerOptionTests : IDisposable
{
    private const string Token = "hone_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Other = "hone_0123456789abcdef_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void AnAddressAndATokenAreEnough()
    {
        ServerOption option = ServerOption.Parse("https://hone.example:8443/", Token, null, null, _scratch["none"]);
        Assert.Equal((new Uri("https://hone.example:8443"), Token), (option.Address, option.Token));
        Assert.Equal(Other, ServerOption.Parse("https://hone.example", null, _scratch.Write("token", Other + "\n"), null, _scratch["none"]).Token);
    }

    [Fact]
    public void ADataFolderTellsAddressAndToken()
    {
        _scratch.Write($"data/{ClusterAddress.UrlFile}", "http://127.0.0.1:5123");
        _scratch.Write($"data/{ClusterAddress.TokenFile}", Token);
        foreach (string server in new[] { _scratch["data"], "http://127.0.0.1:5123", "http://localhost:5123" })
            Assert.Equal((5123, Token), (ServerOption.Parse(server, null, null, null, _scratch["data"]).Address.Port, ServerOption.Parse(server, null, null, null, _scratch["data"]).Token));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5124")]
    [InlineData("https://hone.example:5123")]
    public void TheFoldersTokenGoesToItsOwnSiloAlone(string server)
    {
        _scratch.Write($"data/{ClusterAddress.UrlFile}", "http://127.0.0.1:5123");
        _scratch.Write($"data/{ClusterAddress.TokenFile}", Token);
        Assert.Contains("expected a token", Assert.Throws<SpecException>(() => ServerOption.Parse(server, null, null, null, _scratch["data"])).Message);
    }

    [Theory]
    [InlineData("http://hone.example")]
    [InlineData("http://10.0.0.1:80")]
    public void ATokenIsNeverSentInTheClear(string server) =>
        Assert.Contains("in the clear", Assert.Throws<SpecException>(() => ServerOption.Parse(server, Token, null, null, "none")).Message);

    [Theory]
    [InlineData("hone.example")]
    [InlineData("ftp://hone.example")]
    [InlineData("https://user:password@hone.example")]
    [InlineData("https://hone.example?token=x")]
    public void AnythingElseIsNoAddress(string server) => Assert.StartsWith("--server", Assert.Throws<SpecException>(() => ServerOption.Parse(server, Token, null, null, "none")).Message);

    [Fact]
    public void ATextThatIsNoTokenAndAFileThatIsNoAuthorityAreRefusedWithoutShowingThem()
    {
        Assert.DoesNotContain("hunter2", Assert.Throws<SpecException>(() => ServerOption.Parse("https://hone.example", "hunter2", null, null, "none")).Message);
        Assert.StartsWith("--ca", Assert.Throws<SpecException>(() => ServerOption.Parse("https://hone.example", Token, null, _scratch.Write("ca", "no certificate"), "none")).Message);
        Assert.StartsWith("--token-file", Assert.Throws<SpecException>(() => ServerOption.Parse("https://hone.example", null, _scratch["none"], null, "none")).Message);
    }
}
