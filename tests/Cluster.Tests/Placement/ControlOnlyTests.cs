using Hone.Grains;
using Hone.Grains.Placement;

namespace Hone.Cluster.Tests.Placement;

public class ControlOnlyTests
{
    [Fact]
    public void EveryGrainIsKeptOffTheWorkers()
    {
        Type[] grains = [.. typeof(StudyGrain).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(Grain)))];
        Assert.True(grains.Length >= 6);
        Assert.Empty(grains.Where(t => !Attribute.IsDefined(t, typeof(ControlOnlyAttribute))).Select(t => t.Name));
    }

    [Fact]
    public void ASilosNameSaysWhatItIsFor() =>
        Assert.Equal((true, false), (SiloName.IsWorker(SiloName.Of(true, "vm/1/2")), SiloName.IsWorker(SiloName.Of(false, "worker/1/2"))));
}
