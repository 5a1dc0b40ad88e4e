using Hone.Contracts;
using Hone.Grains.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Leasing;

public class SlotTableTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SlotTable _slots;

    public SlotTableTests() => _slots = new SlotTable(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), _clock);

    private void Pass(int seconds, params string[] beating)
    {
        for (int i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            foreach (string slot in beating) _slots.Heard(new SlotInfo(slot, slot));
            _slots.Unserved(["x"]);
        }
    }

    [Fact]
    public void ASlotThatFallsSilentIsForgotten()
    {
        _slots.Heard(new SlotInfo("a", "x"));
        Pass(15, "b");
        Assert.Equal(["a", "b"], _slots.Here.Select(s => s.Name));
        Pass(10, "b");
        Assert.Equal(["b"], _slots.Here.Select(s => s.Name));
    }

    [Fact]
    public void AClassThatNoSlotHasIsToldAfterAWhileWithTheClassesThatAreHere()
    {
        Pass(35, "y");
        Assert.Empty(_slots.Unserved(["x"]));
        Pass(10, "y");
        string reason = _slots.Unserved(["x"])["x"];
        Assert.Contains("'x'", reason);
        Assert.Contains("'y'", reason);
    }

    [Fact]
    public void WhereNoSlotIsJobsWaitForOne()
    {
        Pass(100);
        Assert.Empty(_slots.Unserved(["x"]));
        Pass(30, "y");   // the wait begins with the first slot
        Assert.Empty(_slots.Unserved(["x"]));
    }

    [Fact]
    public void AClassThatComesBackIsNotMissing()
    {
        Pass(35, "y");
        Pass(5, "y", "x");
        Pass(50, "y");   // x is silent and forgotten, and missing for 30 s since
        Assert.Empty(_slots.Unserved(["x"]));
        Pass(15, "y");
        Assert.Single(_slots.Unserved(["x"]));
    }
}
