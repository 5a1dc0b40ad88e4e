using Hone.Client.Verbs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public class MemberChoiceTests
{
    private static readonly ValueList<Artifact> Files = new[] { "front.json", "models/1/manifest.json", "models/1/model.onnx", "models/2/manifest.json", "models/3/manifest.json" }
        .Select(path => new Artifact(path, BlobId.Of("x"u8))).ToValueList();

    private static string[] Chosen(params int[] ordinals) => [.. MemberChoice.Of(Files, Samples.Front(), ordinals).Select(f => f.Path)];

    [Fact]
    public void TrialNumbersChooseTheModelsAtTheirPlacesInTheFront()
    {
        int[] members = [.. Samples.Front().Members.Select(m => m.Ordinal)];
        Assert.Equal(["front.json", "models/2/manifest.json"], Chosen(members[1]));
        Assert.Equal(["front.json", "models/1/manifest.json", "models/1/model.onnx", "models/3/manifest.json"], Chosen(members[2], members[0], members[2]));
    }

    [Fact]
    public void ANumberThatIsNoMembersIsAWrongRequestThatNamesTheMembers()
    {
        string message = Assert.Throws<SpecException>(() => Chosen(100_000)).Message;
        Assert.Contains("100000", message);
        Assert.Contains($"{Samples.Front().Members[0].Ordinal}", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3,")]
    [InlineData("three")]
    [InlineData("-1")]
    [InlineData("1 2")]
    public void WhatIsNoListOfNumbersIsAWrongRequest(string text)
        => Assert.Contains($"'{text}'", Assert.Throws<SpecException>(() => MemberChoice.Parse(text)).Message);

    [Fact]
    public void ListsMayHaveSpaces() => Assert.Equal([3, 17], MemberChoice.Parse(" 3, 17 "));
}
