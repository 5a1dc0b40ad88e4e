using Hone.Model;

namespace Hone.Core.Tests.Model;

public class RemarksTests
{
    [Fact]
    public void TheSameRemarkOnSeveralOperationsIsOneLineWithTheirNumber() => Assert.Equal(
        ["6-bit inputs run as 8-bit codes (3 operations)", "b1.attention: softmax computed exactly", "depthwise: 32-bit floats, weights dense (2 operations)"],
        Remarks.Together(["b1.qkv: 6-bit inputs run as 8-bit codes", "b1.attention: softmax computed exactly", "c1: depthwise: 32-bit floats, weights dense", "b1.fc1: 6-bit inputs run as 8-bit codes",
            "c2: depthwise: 32-bit floats, weights dense", "b1.fc2: 6-bit inputs run as 8-bit codes"]));

    [Fact]
    public void WhatIsTogetherStaysAsItIsAndIsOfTheSameKind()
    {
        ValueList<string> once = Remarks.Together(["a: run dense", "b: run dense", "c: exact"]);
        Assert.Equal(once, Remarks.Together(once));
        Assert.Equal(["run dense", "exact"], once.Select(Remarks.Kind));
        Assert.Equal(["run dense (5 operations)"], Remarks.Together([once[0], "run dense (3 operations)"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a sentence with spaces: and a colon")]
    [InlineData("(x operations)")]
    public void AnyTextIsARemark(string text) => Assert.Equal((text, text), (Remarks.Kind(text), Remarks.Together([text])[0]));
}
