using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class DataLocatorTests
{
    [Fact]
    public async Task PlacesAreLookedAtInTheStatedOrder()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { Variables = { ["HONE_DATA"] = root["variable"], ["XDG_CACHE_HOME"] = root["xdg"] } };
        string[] places = [root["variable"], root["variable", "small"], root["system", "small"], root["xdg", "hone", "small"]];
        foreach (string place in places) SmallIdx.WriteTo(place);
        foreach (string place in places)
        {
            Assert.Equal(place, await machine.Locator.EnsureAsync("small", null));
            File.Delete(Path.Combine(place, "test-labels.gz"));
        }
        Assert.Empty(machine.Asked);
    }

    [Fact]
    public async Task WithoutXdgCacheHomeTheCacheIsBelowHome()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        SmallIdx.WriteTo(machine.CacheFolder, gzip: false);
        Assert.Equal(machine.CacheFolder, await machine.Locator.EnsureAsync("small", null));
    }

    [Fact]
    public async Task AGivenPathGoesBeforeEverything()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { Variables = { ["HONE_DATA"] = SmallIdx.WriteTo(root["variable"]) } };
        Assert.Equal(root["mine"], await machine.Locator.EnsureAsync("small", SmallIdx.WriteTo(root["mine"])));
    }

    [Fact]
    public async Task AGivenPathMayBeTheFolderAboveOneWithTheName()
    {
        using var root = new TempFolder();
        SmallIdx.WriteTo(root["mine", "small"]);
        Assert.Equal(root["mine", "small"], await new FakeMachine(root).Locator.EnsureAsync("small", root["mine"]));
    }

    [Fact]
    public async Task AGivenPathThatLacksFilesIsAnErrorThatListsThemAndFetchesNothing()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root) { OnRequest = FakeMachine.Serve };
        SmallIdx.WriteTo(root["mine"]);
        File.Delete(root["mine", "train-labels.gz"]);
        var error = await Assert.ThrowsAsync<SpecException>(() => machine.Locator.EnsureAsync("small", root["mine"]));
        Assert.Contains("missing train-labels.gz;", error.Message);
        Assert.Contains("no such folder", (await Assert.ThrowsAsync<SpecException>(() => machine.Locator.EnsureAsync("small", root["none"]))).Message);
        Assert.Empty(machine.Asked);
    }

    [Fact]
    public async Task ADamagedFileIsNamedAndKept()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        string file = Path.Combine(SmallIdx.WriteTo(root["system", "small"]), "test-images.gz");
        byte[] other = [.. SmallIdx.Contents[2]];
        other[20] ^= 0x40;
        File.WriteAllBytes(file, SmallIdx.Gzip(other));
        var error = await Assert.ThrowsAsync<HoneException>(() => machine.Locator.EnsureAsync("small", null));
        Assert.Contains(file, error.Message);
        Assert.Contains(SmallIdx.Record.Files[2].Sha256, error.Message);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void TheTestFilesStayClosedUntilTheTestSetIsAskedFor()
    {
        using var root = new TempFolder();
        SmallIdx.WriteTo(root["data"]);
        File.WriteAllText(root["data", "test-images.gz"], "not an image file");
        ImageData data = new FakeMachine(root).Locator.Load("small", root["data"]);
        Assert.Equal(20, data.LoadTrain().Count);
        Assert.Equal(64, data.TrainId.Hex.Length);
        Assert.Throws<HoneException>(data.LoadTest);
    }

    [Fact]
    public void LoadOpensNoFileAtAll()
    {
        using var root = new TempFolder();
        foreach (string file in Directory.GetFiles(SmallIdx.WriteTo(root["data"]))) File.WriteAllText(file, "");
        ImageData data = new FakeMachine(root).Locator.Load("small", root["data"]);
        Assert.Equal(["a", "b", "c", "d"], data.ClassNames);
        Assert.Throws<HoneException>(data.LoadTrain);
    }

    [Fact]
    public void TheTrainingIdentityDoesNotDependOnThePackingButOnEveryByte()
    {
        using var root = new TempFolder();
        DataLocator locator = new FakeMachine(root).Locator;
        ImageData packed = locator.Load("small", SmallIdx.WriteTo(root["gz"])), plain = locator.Load("small", SmallIdx.WriteTo(root["raw"], gzip: false));
        Assert.Equal(packed.TrainId, plain.TrainId);

        ImageSet train = packed.LoadTrain();
        Assert.NotEqual(packed.TrainId, ImageData.IdOf(train with { Labels = [.. train.Labels.Reverse()] }));
        Assert.NotEqual(packed.TrainId, ImageData.IdOf(train with { Height = train.Width, Width = train.Height }));
    }

    [Fact]
    public void AnotherShapeThanTheDataSetHasIsASpecError()
    {
        using var root = new TempFolder();
        DataLocator locator = new(new FakeMachine(root).Surroundings);
        Assert.Contains("images of 28x28 with 1 channel", Assert.Throws<SpecException>(() => locator.Load("fashion-mnist", root.Path, new ImageShape(32, 1))).Message);
        Assert.Contains("1 or 3 channels", Assert.Throws<SpecException>(() => locator.Load("image-folder", root.Path, new ImageShape(32, 2))).Message);
    }

    [Fact]
    public async Task AnUnknownNameListsTheKnownOnes()
    {
        using var root = new TempFolder();
        var locator = new DataLocator(new FakeMachine(root).Surroundings);
        var error = await Assert.ThrowsAsync<SpecException>(() => locator.EnsureAsync("fashon-mnist", null));
        Assert.Contains("known are fashion-mnist, fashion-clutter, cifar-10, image-folder", error.Message);
    }

    [Fact]
    public async Task ImageFoldersAreNeverFetched()
    {
        using var root = new TempFolder();
        var machine = new FakeMachine(root);
        await Assert.ThrowsAsync<SpecException>(() => new DataLocator(machine.Surroundings).EnsureAsync("image-folder", null));
        Assert.Empty(machine.Asked);
    }
}
