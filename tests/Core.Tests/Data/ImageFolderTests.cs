using Hone.Data;
using Hone.Model;
using SkiaSharp;

namespace Hone.Core.Tests.Data;

public class ImageFolderTests
{
    private static readonly DataSetRecord Record = DataCatalog.Default.Find("image-folder");

    [Fact]
    public void ClassesAreTheSortedFoldersAndImagesComeInTheOrderOfTheirNames()
    {
        using var folder = new TempFolder();
        Write(folder["train", "b", "2.png"], Solid(4, 20));
        Write(folder["train", "b", "10.png"], Solid(4, 10));
        Write(folder["train", "Z", "1.PNG"], Solid(4, 30));
        Write(folder["test", "b", "1.png"], Solid(4, 40));
        File.WriteAllText(folder["train", "b", "notes.txt"], "passed over");
        var data = new ImageData(Record, folder.Path, new ImageShape(4, 1));

        ImageSet train = data.LoadTrain();
        Assert.Equal(["Z", "b"], data.ClassNames);
        Assert.Equal([0, 1, 1], train.Labels);
        Assert.Equal([30, 10, 20], new[] { train.Pixels[0], train.Pixels[16], train.Pixels[32] });
        Assert.Equal([1], data.LoadTest().Labels);
    }

    [Fact]
    public void APngOfTheAskedSizeComesBackBitForBitAsPlanes()
    {
        using var folder = new TempFolder();
        using var bitmap = new SKBitmap(new SKImageInfo(7, 7, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < 7; y++)
            for (int x = 0; x < 7; x++) bitmap.SetPixel(x, y, new SKColor((byte)(30 * x), (byte)(30 * y), (byte)(x * y)));
        Write(folder["a.png"], bitmap);
        byte[] output = new byte[3 * 49];
        ImageDecoder.Decode(folder["a.png"], new ImageShape(7, 3), output);
        for (int i = 0; i < 49; i++)
            Assert.Equal((30 * (i % 7), 30 * (i / 7), i % 7 * (i / 7)), (output[i], output[49 + i], output[98 + i]));
    }

    [Fact]
    public void GreyIsTheLumaOfTheColours()
    {
        using var folder = new TempFolder();
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50));
        Write(folder["a.png"], bitmap);
        byte[] output = new byte[1];
        ImageDecoder.Decode(folder["a.png"], new ImageShape(1, 1), output);
        Assert.Equal(124, output[0]); // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
    }

    [Fact]
    public void AJpegIsCloseToWhatItWasMadeFrom()
    {
        using var folder = new TempFolder();
        Write(folder["a.jpg"], Solid(33, 120), SKEncodedImageFormat.Jpeg);
        byte[] output = new byte[3 * 31 * 31];
        ImageDecoder.Decode(folder["a.jpg"], new ImageShape(31, 3), output);
        Assert.All(output, value => Assert.InRange(value, 117, 123));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0.6)]
    [InlineData(SKEncodedImageFormat.Jpeg, 0.6)]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Png, 0.02)]
    public void ACutImageIsRefusedByName(SKEncodedImageFormat format, double part)
    {
        using var folder = new TempFolder();
        string path = folder["train", "a", "broken.png"];
        Write(folder["train", "a", "fine.png"], Solid(40, 1));
        Write(path, Noise(40), format);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(int)(whole.Length * part)]);
        var error = Assert.Throws<HoneException>(() => new ImageFolderFormat().Read(Record, folder.Path, Part.Train, ImageShape.Default, default));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void ATextFileCalledPngIsRefusedByName()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.png"], "no image at all");
        Assert.Contains("is no PNG or JPEG image", Assert.Throws<HoneException>(() => ImageDecoder.Decode(folder["a.png"], new(1, 1), new byte[1])).Message);
    }

    [Fact]
    public void ATestClassThatTrainingLacksIsRefused()
    {
        using var folder = new TempFolder();
        Write(folder["train", "a", "1.png"], Solid(2, 1));
        Write(folder["test", "c", "1.png"], Solid(2, 1));
        var error = Assert.Throws<HoneException>(() => new ImageData(Record, folder.Path, ImageShape.Default).LoadTest());
        Assert.Contains("train/ has no class of this name; it has a", error.Message);
    }

    [Fact]
    public void FoldersWithoutImagesAreRefused()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["train", "a"]);
        Directory.CreateDirectory(folder["test"]);
        Assert.Contains("no .png, .jpg or .jpeg file", Assert.Throws<HoneException>(() => new ImageFolderFormat().Check(Record, folder.Path, null, default)).Message);
    }

    private static SKBitmap Solid(int size, byte value)
    {
        var bitmap = new SKBitmap(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(value, value, value));
        return bitmap;
    }

    private static SKBitmap Noise(int size)
    {
        SKBitmap bitmap = Solid(size, 0);
        var chance = new Chance(1, Streams.Sampling);
        for (int i = 0; i < size * size; i++) bitmap.SetPixel(i % size, i / size, new SKColor((uint)chance.NextBits() | 0xff000000));
        return bitmap;
    }

    private static void Write(string path, SKBitmap bitmap, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        Assert.True(bitmap.Encode(file, format, 95));
    }
}
