using Hone.Data;
using Hone.Export;
using Hone.Model;
using Hone.Studies;
using SkiaSharp;

namespace Hone.Core.Tests.Studies;

/// <summary>Where a study runs without a cluster: a folder that goes with it, images and blobs.</summary>
internal sealed class StudyRoom : IDisposable
{
    public StudyRoom() => Blobs = new FolderBlobStore(Path.Combine(Folder, "blobs"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("hone-study-").FullName;

    public FolderBlobStore Blobs { get; }

    /// <summary>Grey images as the PNG files of an image-folder data set, whose path this is.</summary>
    public string Images(ImageSet train, ImageSet test)
    {
        string data = Path.Combine(Folder, "data");
        foreach (var (part, images) in new[] { ("train", train), ("test", test) })
            for (int i = 0; i < images.Count; i++)
            {
                using var bitmap = new SKBitmap(images.Width, images.Height, SKColorType.Gray8, SKAlphaType.Opaque);
                for (int p = 0; p < images.Width * images.Height; p++)
                {
                    byte v = images.Pixels[(i * images.Width * images.Height) + p];
                    bitmap.SetPixel(p % images.Width, p / images.Width, new SKColor(v, v, v));
                }
                string folder = Directory.CreateDirectory(Path.Combine(data, part, $"class{images.Labels[i]}")).FullName;
                using FileStream file = File.Create(Path.Combine(folder, $"{i}.png"));
                bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
            }
        return data;
    }

    public IStudyWork Work(IStudy study) => study.Work(new WorkPlace(Blobs, new DataLocator(Surroundings.OfThisMachine()), TimeProvider.System));

    /// <summary>A model's folder as an export writes it.</summary>
    public string Model(FinishedMember finished)
    {
        string model = Directory.CreateDirectory(Path.Combine(Folder, "model")).FullName;
        foreach (NamedBlob file in finished.Files.AsEnumerable())
        {
            using Stream from = Blobs.Open(file.Blob), to = File.Create(Path.Combine(model, file.Path));
            from.CopyTo(to);
        }
        return model;
    }

    /// <summary>What verifying a model's folder says, which must have passed.</summary>
    public static VerifyReport Verified(string model)
    {
        VerifyReport report = ModelVerifier.Verify(model);
        Assert.True(report.Passed, string.Join("\n", report.Checks));
        return report;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
