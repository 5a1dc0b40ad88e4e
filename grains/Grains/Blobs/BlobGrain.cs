using System.Runtime.CompilerServices;
using Hone.Contracts;
using Hone.Grains.Placement;
using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Grains.Blobs;

/// <summary>Goes from silo to silo and has each store looked through once.</summary>
[ControlOnly]
[Reentrant]
public sealed class BlobGrain(BlobServices services, TimeProvider clock) : Grain, IBlobGrain
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);
    private DateTimeOffset? _due;

    public async IAsyncEnumerable<BlobSurvey> Survey(TimeSpan olderThan, bool remove, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (olderThan < BlobAge.Least)
            throw new SpecException($"--older-than: expected at least {BlobAge.Least.TotalHours:0} h, got {olderThan}; an answer that is still on its way may name what was put just now");
        string request = Guid.NewGuid().ToString("N");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (SiloAddress silo in services.Silos)
            if (await Look(silo, seen, request, olderThan, remove, cancel) is { } survey) yield return survey;
    }

    public Task<bool> Due(TimeSpan every)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool due = _due is not { } at || now >= at;
        if (due) _due = now + every;
        return Task.FromResult(due);
    }

    // Null: its store was looked through on another silo.
    private async Task<BlobSurvey?> Look(SiloAddress silo, HashSet<string> seen, string request, TimeSpan olderThan, bool remove, CancellationToken cancel)
    {
        try
        {
            IBlobService service = services.On(silo);
            if (!seen.Add(await service.Store())) return null;
            while (true)
            {
                if (await service.Survey(request, olderThan, remove) is { } survey) return survey;
                await Task.Delay(AskEvery, clock, cancel);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new BlobSurvey("", silo.ToString(), 0, 0, 0, 0, 0, 0, false, null, $"the silo did not answer: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
