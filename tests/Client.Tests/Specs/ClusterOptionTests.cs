using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Specs;

public class ClusterOptionTests
{
    [Fact]
    public void TheTextNamesStoreAndCluster()
    {
        ClusterOption option = ClusterOption.Parse("redis=localhost:7000;id=lab");
        Assert.Equal("lab", option.ClusterId);
        Assert.Contains("7000", Assert.Single(option.Redis.EndPoints).ToString());
    }

    [Fact]
    public void AClusterThatSpeaksTlsIsReachedWithThreeFiles()
    {
        ClusterOption option = ClusterOption.Parse("redis=localhost:7000;id=lab;cert=/a.crt;key=/a.key;ca=/ca.crt");
        Assert.Equal(("/a.crt", "/a.key", "/ca.crt"), (option.Tls!.Certificate, option.Tls.Key, option.Tls.Authority));
        Assert.Null(ClusterOption.Parse("redis=localhost:7000;id=lab").Tls);
        Assert.Contains("without key= and ca=", Assert.Throws<SpecException>(() => ClusterOption.Parse("redis=localhost:7000;id=lab;cert=/a.crt")).Message);
    }

    [Theory]
    [InlineData("localhost:7000")]
    [InlineData("redis=localhost:7000")]
    [InlineData("id=lab")]
    [InlineData("redis=localhost:7000;id=lab;color=red")]
    public void AnythingElseIsAWrongRequest(string text) => Assert.Throws<SpecException>(() => ClusterOption.Parse(text));

    [Fact]
    public void ADataFolderSpeaksForItsCluster()
    {
        using var scratch = new Scratch();
        scratch.Write(ClusterAddress.AddressFile, """{"redis":"127.0.0.1:7001","password":"p","clusterId":"own","version":1}""");
        ClusterOption option = ClusterOption.Parse(scratch.Root);
        Assert.Equal(("own", "p"), (option.ClusterId, option.Redis.Password));
    }

    [Fact]
    public void ADataFolderOfAnotherFormatIsRefused()
    {
        using var scratch = new Scratch();
        scratch.Write(ClusterAddress.AddressFile, """{"redis":"127.0.0.1:7001","password":"p","clusterId":"own","version":99}""");
        Assert.Contains("format", Assert.Throws<HoneException>(() => ClusterOption.Parse(scratch.Root)).Message);
    }
}
