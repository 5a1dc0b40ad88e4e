using System.Globalization;
using Hone.Model;

namespace Hone.Data.Tables;

/// <summary>Small data sets by name: three that come along, one that is drawn, two made of Fashion-MNIST's images.</summary>
public static class TableCatalog
{
    private const int Centres = 4, CentreWidth = 8, EachCentre = 150;
    private const double Spread = 0.55;
    private const int Side = 4;                          // what images are shrunk to
    private const int CellOfImage = 6, Margin = 2;       // 28 = 2 + 4 x 6 + 2
    private const int CellOfDigit = 2;                   // 8 = 4 x 2
    private const int GarmentsOfClass = 6_000, TestGarmentsOfClass = 1_000;

    /// <summary>By name the number of samples in each part where nobody says otherwise.</summary>
    private static readonly Dictionary<string, TableCounts> Known = new(StringComparer.Ordinal)
    {
        ["iris"] = new(70, 30, 50), ["wine"] = new(88, 30, 60), ["digits-4"] = new(360, 120, 240), ["clusters-4"] = new(225, 75, 300),
        ["fashion-4"] = new(360, 120, 240), ["fashion-2"] = new(180, 60, 120),
    };

    // Which of Fashion-MNIST's classes: those of QuantumNAS (arXiv 2107.10845).
    private static readonly int[] FourGarments = [0, 1, 2, 3], TwoGarments = [3, 6];

    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>How many samples each part has where nobody says otherwise.</summary>
    /// <exception cref="SpecException">No such data set (the nearest is named).</exception>
    public static TableCounts Counts(string name) => Known.TryGetValue(name, out TableCounts? counts) ? counts
        : throw new SpecException($"data.name: expected one of {string.Join(", ", Names)}, got '{name}'{(Nearest.Of(name, [.. Names]) is { } near ? $"; did you mean '{near}'?" : "")}");

    /// <summary>How many features and classes a data set has.</summary>
    /// <exception cref="SpecException">No such data set (the nearest is named).</exception>
    public static (int Features, int Classes) Shape(string name) => (Counts(name), name) switch
    {
        (_, "iris") => (4, 3),
        (_, "wine") => (13, 3),
        (_, "clusters-4") => (CentreWidth, Centres),
        (_, "fashion-2") => (Side * Side, TwoGarments.Length),
        _ => (Side * Side, 4),
    };

    /// <summary>Refuses counts that a data set has not got, before anything is read.</summary>
    /// <exception cref="SpecException">No such data set (the nearest is named), or fewer samples than asked for.</exception>
    public static void Check(string name, TableCounts counts)
    {
        TableCounts usual = Counts(name);
        bool garments = name.StartsWith("fashion", StringComparison.Ordinal);
        int samples = garments ? GarmentsOfClass * Shape(name).Classes : name switch { "iris" => 150, "wine" => 178, "digits-4" => 720, _ => EachCentre * Centres };
        if (counts.Train < 1 || counts.Train + counts.Validation + (garments ? 0 : counts.Test) > samples || (garments && counts.Test > TestGarmentsOfClass * Shape(name).Classes))
            throw new SpecException($"data: expected at least 1 sample to train on and in all no more of {name} than there are ({samples}{(garments ? $", and {TestGarmentsOfClass * Shape(name).Classes} to test" : "")}), "
                + $"got train {counts.Train}, validation {counts.Validation}, test {counts.Test} (usual: {usual.Train}, {usual.Validation}, {usual.Test})");
    }

    /// <summary>A data set's parts.</summary>
    /// <param name="locator">Finds Fashion-MNIST.</param>
    /// <param name="path">Where it lies; null: in the usual places.</param>
    /// <param name="seed">Of training and validation part.</param>
    /// <param name="testSeed">Of the test part, and of what is drawn.</param>
    /// <exception cref="SpecException">No such data set (the nearest is named), or fewer samples than asked for.</exception>
    /// <exception cref="HoneException">Fashion-MNIST is needed and not to be had.</exception>
    public static TableSplit Load(string name, DataLocator locator, string? path, TableCounts? counts, ulong seed, ulong testSeed = 0)
    {
        counts ??= Counts(name);
        switch (name)
        {
            case "clusters-4": return TableSplit.Carve(Clusters(testSeed), counts, seed, testSeed);
            case "digits-4": return TableSplit.Carve(Digits(Embedded(name)), counts, seed, testSeed);
            case "iris" or "wine": return TableSplit.Carve(Embedded(name), counts, seed, testSeed);
        }
        Counts(name);
        ImageData images = locator.Load("fashion-mnist", path);
        Table Garments(ImageSet of) => Shrunk(of, name == "fashion-2" ? TwoGarments : FourGarments, images.ClassNames);
        // The test files stay closed where nobody asks for them.
        Table train = Garments(images.LoadTrain()), test = counts.Test == 0 ? train.Select([]) : Garments(images.LoadTest()).Part(counts.Test, testSeed).Front;
        return TableSplit.Beside(train, test, counts, seed);
    }

    /// <summary>Normal clouds around centres that are uniform in [0, pi]^8.</summary>
    private static Table Clusters(ulong seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        double[] centres = [.. Enumerable.Range(0, Centres * CentreWidth).Select(_ => Math.PI * chance.NextDouble())];
        double[] features = [.. Enumerable.Range(0, EachCentre * centres.Length).Select(i => centres[i % centres.Length] + Spread * chance.NextGaussian())];
        return new Table(features, [.. Enumerable.Range(0, EachCentre * Centres).Select(i => i % Centres)], CentreWidth, [.. Enumerable.Range(0, Centres).Select(c => $"{c}")]);
    }

    private static Table Embedded(string name)
    {
        using Stream stream = typeof(TableCatalog).Assembly.GetManifestResourceStream($"Hone.Data.Tables.{name}.csv") ?? throw new InvalidOperationException($"no table of {name}");
        using var text = new StreamReader(stream);
        string[] lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);   // title, classes, columns, samples
        double[][] samples = [.. lines[3..].Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
        return new Table([.. samples.SelectMany(s => s[..^1])], [.. samples.Select(s => (int)s[^1])], samples[0].Length - 1, [.. lines[1][2..].Split(", ")]);
    }

    private static Table Digits(Table digits) => digits with
    {
        Width = Side * Side,
        Features = [.. Enumerable.Range(0, digits.Count).SelectMany(i => Cells((y, x) => digits.Row(i)[y * Side * CellOfDigit + x], CellOfDigit, 0))],
    };

    /// <summary>Images of some classes as means of the cells of their middle.</summary>
    private static Table Shrunk(ImageSet images, int[] classes, ValueList<string> names)
    {
        int[] chosen = [.. Enumerable.Range(0, images.Count).Where(i => classes.Contains(images.Labels[i]))];
        return new Table([.. chosen.SelectMany(i => Cells((y, x) => images.Pixels[i * images.Stride + y * images.Width + x], CellOfImage, Margin))],
            [.. chosen.Select(i => Array.IndexOf(classes, images.Labels[i]))], Side * Side, [.. classes.Select(c => names[c])]);
    }

    private static IEnumerable<double> Cells(Func<int, int, double> pixel, int cell, int margin)
    {
        for (int c = 0; c < Side * Side; c++)
        {
            double sum = 0;
            for (int y = 0; y < cell; y++)
                for (int x = 0; x < cell; x++) sum += pixel(margin + c / Side * cell + y, margin + c % Side * cell + x);
            yield return sum / (cell * cell);
        }
    }
}
