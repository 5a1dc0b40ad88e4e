using System.Text.Json;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Tokens;

public class ApiTokenTests
{
    [Fact]
    public void ANewTokenIsReadBackFromItsTextAndNoTwoAreAlike()
    {
        ApiToken[] many = [.. Enumerable.Range(0, 200).Select(_ => ApiToken.New())];
        Assert.All(many, t => Assert.Equal(t, ApiToken.Of(t.Text)));
        Assert.All(many, t => Assert.True(ApiToken.Of(t.Text)!.IsOf(t.Hash)));
        Assert.Equal(200, many.Select(t => t.Id).Distinct().Count());
        Assert.Equal(200, many.Select(t => t.Text[22..]).Distinct().Count());
    }

    [Fact]
    public void OneOtherCharacterIsAnotherToken()
    {
        ApiToken token = ApiToken.New();
        string other = token.Text[..^1] + (token.Text[^1] == 'A' ? 'B' : 'A');
        Assert.False(ApiToken.Of(other)!.IsOf(token.Hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hone_")]
    [InlineData("hone_0123456789abcdef_")]
    [InlineData("hone_0123456789ABCDEF_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("hone_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("home_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("hone_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void AnotherShapeIsNoToken(string text) => Assert.Null(ApiToken.Of(text));

    [Fact]
    public void ATokensTextIsNotInWhatLogsWrite()
    {
        ApiToken token = ApiToken.New();
        Assert.DoesNotContain(token.Text[22..], $"{token}");
    }

    [Theory]
    [InlineData("viewer", true, false, false, false)]
    [InlineData("operator", true, true, false, false)]
    [InlineData("admin", true, true, true, false)]
    [InlineData("device:pi-4", false, false, false, true)]
    public void ARoleIncludesThoseBelowItAndADeviceNone(string text, bool viewer, bool @operator, bool admin, bool device)
    {
        Grant grant = Grant.Parse(text);
        Assert.Equal(text, $"{grant}");
        Assert.Equal((viewer, @operator, admin, device), (grant.Includes(AccessRole.Viewer), grant.Includes(AccessRole.Operator), grant.Includes(AccessRole.Admin), grant.Includes(AccessRole.Device)));
        Assert.Equal(grant, JsonSerializer.Deserialize<Grant>(JsonSerializer.Serialize(grant)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("root")]
    [InlineData("Admin")]
    [InlineData("device:")]
    [InlineData("device:../x")]
    [InlineData("device:.x")]
    [InlineData("device:a b")]
    public void AnythingElseIsNoRole(string text) => Assert.Throws<SpecException>(() => Grant.Parse(text));

    [Fact]
    public void ATokensHashIsNotInWhatIsShown()
    {
        var record = new TokenRecord("a", "the-hash", new Grant(AccessRole.Viewer), DateTimeOffset.UnixEpoch);
        string shown = JsonSerializer.Serialize(record.WithoutHash(), ApiJson.Options);
        Assert.DoesNotContain("hash", shown);
        Assert.Equal(record.WithoutHash(), JsonSerializer.Deserialize<TokenRecord>(shown, ApiJson.Options));
    }
}
