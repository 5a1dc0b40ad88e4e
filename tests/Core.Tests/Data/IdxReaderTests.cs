using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class IdxReaderTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 7)]
    [InlineData(8, 15, 17)]
    [InlineData(3, 31, 33)]
    public void EveryPixelAndLabelComesBackInOrder(int count, int height, int width)
    {
        byte[] images = SmallIdx.Images(count, height, width, 7), labels = SmallIdx.Labels(count, 3);
        ImageSet set = IdxReader.Read(images, labels, 3);
        Assert.Equal((count, 1, height, width, 3), (set.Count, set.Channels, set.Height, set.Width, set.Classes));
        Assert.Equal(images[16..], set.Pixels);
        Assert.Equal(labels[8..], set.Labels);
    }

    [Fact]
    public void AnImagesFileInTheLabelsPlaceIsNamedByItsMagicNumber()
    {
        byte[] images = SmallIdx.Images(2, 2, 2, 1);
        var error = Assert.Throws<HoneException>(() => IdxReader.Read(images, images, 10, "a", "b"));
        Assert.Contains("b: expected the IDX magic number 0x00000801, got 0x00000803", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void AFileOneByteTooShortOrLongIsRefused(int change)
    {
        byte[] images = SmallIdx.Images(2, 3, 3, 1);
        Array.Resize(ref images, images.Length + change);
        var error = Assert.Throws<HoneException>(() => IdxReader.Read(images, SmallIdx.Labels(2, 2), 2, "x.idx"));
        Assert.Contains($"x.idx: the header promises 18 bytes, {18 + change} follow", error.Message);
    }

    [Fact]
    public void AFileShorterThanItsHeaderIsRefused() =>
        Assert.Contains("takes 16 bytes, the file holds 15", Assert.Throws<HoneException>(() => IdxReader.Read(new byte[15], SmallIdx.Labels(1, 1), 1)).Message);

    [Fact]
    public void AHeaderWhoseProductOverflowsIsRefused()
    {
        byte[] images = SmallIdx.Idx(0x0803, [unchecked((int)0x80000000), 0x40000000, 0x40000000], []);
        Assert.Throws<HoneException>(() => IdxReader.Read(images, SmallIdx.Labels(0, 1), 1));
    }

    [Fact]
    public void ALabelOutOfRangeIsNamedWithItsImage()
    {
        byte[] labels = SmallIdx.Idx(0x0801, [3], [0, 1, 2]);
        var error = Assert.Throws<HoneException>(() => IdxReader.Read(SmallIdx.Images(3, 1, 1, 1), labels, 2));
        Assert.Contains("label 2 of image 2 is out of range, expected 0 to 1", error.Message);
    }

    [Fact]
    public void CountsThatDifferAreRefusedWithBothNumbers() =>
        Assert.Contains("3 images but labels holds 4 labels",
            Assert.Throws<HoneException>(() => IdxReader.Read(SmallIdx.Images(3, 2, 2, 1), SmallIdx.Labels(4, 2), 2)).Message);
}
