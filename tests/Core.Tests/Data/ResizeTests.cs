using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class ResizeTests
{
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(7, 31, 15)]
    [InlineData(33, 2, 17)]
    public void AConstantImageStaysConstant(int height, int width, int size)
    {
        byte[] plane = new byte[height * width];
        plane.AsSpan().Fill(201);
        Assert.All(Resized(plane, height, width, size), value => Assert.Equal(201, value));
    }

    [Fact]
    public void TheAskedSizeIsACopy()
    {
        byte[] plane = [.. Enumerable.Range(0, 49).Select(i => (byte)(5 * i))];
        Assert.Equal(plane, Resized(plane, 7, 7, 7));
    }

    // By hand: output centres lie at 0.25, 0.75, 1.25, 1.75 input pixels; 0.75 * 0 + 0.25 * 255 = 63.75.
    [Fact]
    public void AnEdgeIsInterpolatedBetweenPixelCentres() =>
        Assert.Equal([0, 64, 191, 255], Resized([0, 255, 0, 255], 2, 2, 4)[..4]);

    // By hand: halving widens the triangle to two pixels: (1, 3, 3, 1) / 8 inside; the first output misses one pixel at the edge: (3, 3, 1) / 7.
    [Fact]
    public void HalvingWeighsEveryPixelOfTheWidenedWindow()
    {
        byte[] row = [0, 70, 140, 210, 7, 7, 7, 7];
        byte[] plane = [.. Enumerable.Repeat(row, 8).SelectMany(r => r)];
        byte[] output = Resized(plane, 8, 8, 4);
        Assert.Equal((byte)Math.Round((3 * 0 + 3 * 70 + 140) / 7.0), output[0]);
        Assert.Equal((byte)Math.Round((70 + 3 * 140 + 3 * 210 + 7) / 8.0), output[1]);
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(15, 31)]
    [InlineData(33, 32)]
    public void AMirroredImageGivesTheMirroredResult(int side, int size)
    {
        var chance = new Chance(1, Streams.Sampling);
        byte[] plane = new byte[side * side], mirrored = new byte[side * side];
        for (int i = 0; i < plane.Length; i++) plane[i] = (byte)chance.Next(256);
        for (int i = 0; i < plane.Length; i++) mirrored[i] = plane[i / side * side + side - 1 - i % side];
        byte[] one = Resized(plane, side, side, size), other = Resized(mirrored, side, side, size);
        for (int i = 0; i < one.Length; i++)
            Assert.InRange(one[i] - other[i / size * size + size - 1 - i % size], -1, 1); // the order of summation may tip a rounding
    }

    private static byte[] Resized(byte[] plane, int height, int width, int size)
    {
        byte[] output = new byte[size * size];
        Resize.Bilinear(plane, height, width, output, size);
        return output;
    }
}
