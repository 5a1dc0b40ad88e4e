using Hone.Grains.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Leasing;

public class IdleSlotsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IdleSlots<string, string> _idle;

    public IdleSlotsTests() => _idle = new IdleSlots<string, string>(TimeSpan.FromSeconds(1), _clock);

    [Fact]
    public async Task ThoseWhoWaitAreServedInTheOrderTheyCameAsFarAsThereIsWork()
    {
        Task<string?> first = _idle.Wait("a"), second = _idle.Wait("b"), third = _idle.Wait("c");
        var work = new Queue<string>(["x", "y"]);
        _idle.Serve(_ => work.TryDequeue(out string? next) ? next : null);
        Assert.Equal(("x", "y"), (await first, await second));
        Assert.False(third.IsCompleted);
        Assert.Equal(1, _idle.Count);
    }

    [Fact]
    public async Task OneThatCannotTakeWhatIsThereDoesNotStandInTheWayOfTheNext()
    {
        Task<string?> gpu = _idle.Wait("gpu"), cpu = _idle.Wait("cpu");
        _idle.Serve(slot => slot == "cpu" ? "x" : null);
        Assert.Equal("x", await cpu);
        Assert.False(gpu.IsCompleted);
    }

    [Fact]
    public async Task WhosePatienceEndsGetsNothingAndNothingIsKeptForHim()
    {
        Task<string?> waiting = _idle.Wait("a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await waiting);
        Assert.Equal(0, _idle.Count);
        _idle.Serve(_ => throw new InvalidOperationException("nobody waits"));
    }
}
