using Hone.Model;

namespace Hone.Core.Tests.Model;

public class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("3KiB", 3 << 10)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("50GiB", 50L << 30)]
    [InlineData("2TiB", 2L << 40)]
    public void ASizeIsReadAsWritten(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse("--size", text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1GiB")]
    [InlineData("1.5GiB")]
    [InlineData("50GB")]
    [InlineData("GiB")]
    [InlineData("9999999999TiB")]
    public void WhatIsNoSizeIsRefusedByTheOptionsName(string text) => Assert.Contains("--size: expected a size", Assert.Throws<SpecException>(() => ByteSize.Parse("--size", text)).Message);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L << 30, "5 GiB")]
    public void ASizeIsShownInItsLargestUnit(long bytes, string text) => Assert.Equal(text, ByteSize.Text(bytes));

    [Theory]
    [InlineData("24h", 24)]
    [InlineData("1.5h", 1.5)]
    [InlineData("7d", 168)]
    public void AnAgeIsReadAsWritten(string text, double hours) => Assert.Equal(TimeSpan.FromHours(hours), Hours.Parse("--age", text));

    [Theory]
    [InlineData("24")]
    [InlineData("h")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("30m")]
    public void WhatIsNoAgeIsRefused(string text) => Assert.Throws<SpecException>(() => Hours.Parse("--age", text));
}
