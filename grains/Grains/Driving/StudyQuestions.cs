using System.Runtime.CompilerServices;
using System.Text;
using Hone.Contracts;
using Hone.Model;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Grains.Driving;

/// <summary>Answers questions about a study from its journal, whatever it does meanwhile.</summary>
internal sealed class StudyQuestions(StudyPlace place, Func<Task<IReadOnlyList<Trial>>> committed)
{
    private const int Page = 64;   // priced without a break: some milliseconds
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    public async Task<Explained> Explain(string asked)
    {
        try
        {
            IReadOnlyList<Trial> trials = [.. await committed()];
            Explanation explanation = Explaining.Of(place.Study, trials, asked, (await OpenDevices.Of(place, place.Spec.Devices)).Open);
            return new Explained(explanation with { Final = explanation.Trial is { } t ? Final().Of(t.Ordinal) : null }, null);
        }
        catch (HoneException e)
        {
            return new Explained(null, e.Message, ExitCode(e));
        }
    }

    public async IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, [EnumeratorCancellation] CancellationToken cancel)
    {
        IReadOnlyList<Trial> trials = [.. await committed()];
        device = await Named(device);
        await foreach (string waits in Unpriced(device, trials, cancel)) yield return Waiting(waits);
        OpenDevices devices = await OpenDevices.Of(place, [device]);
        if (Try(() => new Retargeting(place.Study, device, limits, devices.Open), out Retargeting? retargeting) is { } refused)
        {
            yield return refused;
            yield break;
        }
        foreach (Trial[] page in trials.Chunk(Page))
        {
            cancel.ThrowIfCancellationRequested();
            if (Try(() => page.Select(retargeting!.Add).Select(t => new TrialLine(t, StudyJson.Line(t, place.Study.Space))).ToValueList(), out ValueList<TrialLine> lines) is { } stopped)
            {
                yield return stopped;
                yield break;
            }
            yield return new RetargetUpdate(lines, trials.Count, null, place.BlobRoot, [], null, 0);
            await Task.Yield();   // other turns of the grain
        }
        if (Try(retargeting!.Front, out Front? front) is { } none)
        {
            yield return none;
            yield break;
        }
        if (DeviceCatalog.IsAttached(device))
        {
            var members = new Remeasuring(place, [device]);
            while (await Asked(members, front!) is var why && (why is not null || members.Left > 0))
            {
                yield return why is null ? Waiting(members.Waits!) : Refused(why, 1);
                if (why is not null) yield break;
                await Task.Delay(AskAgain, place.Clock, cancel);
            }
            Front priced = front!;
            if (Try(() => retargeting.Redrawn(priced, [.. priced.Members.Select(members.Of)]), out front) is { } broken)
            {
                yield return broken;
                yield break;
            }
        }
        yield return Try(() => Drawn(retargeting, front!, trials.Count), out RetargetUpdate? drawn) ?? drawn!;
    }

    // An attached device is asked until it can price them all: what it lacks is measured meanwhile.
    private async IAsyncEnumerable<string> Unpriced(DeviceSpec device, IReadOnlyList<Trial> trials, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (!DeviceCatalog.IsAttached(device) || !StudySpec.IsName(device.Name)) yield break;
        foreach (string[] page in trials.Where(t => t.Outcome is Outcome.Evaluated).Select(t => t.Key).Distinct().Chunk(Page))
        {
            ValueList<Workload> workloads = page.Select(key => place.Study.Lower(place.Study.Space.Parse(key))).ToValueList();
            if (workloads[0].Ops.Count == 0) yield break;   // refused when it is opened
            while (await place.Grains.GetGrain<IDeviceProfilerGrain>(device.Name).Price(workloads) is { Waits: { } waits, Stuck: null })
            {
                yield return waits;
                await Task.Delay(AskAgain, place.Clock, cancel);
            }
        }
    }

    // Why the members cannot be measured; null: they can.
    private static async Task<string?> Asked(Remeasuring members, Front front)
    {
        try
        {
            await members.Ask([.. front.Members]);
            return null;
        }
        catch (HoneException e)
        {
            return e.Message;
        }
    }

    private RetargetUpdate Waiting(string waits) => new([], 0, null, place.BlobRoot, [], null, 0, Waits: waits);

    private RetargetUpdate Refused(string why, int exitCode) => new([], 0, null, place.BlobRoot, [], why, exitCode);

    // A name that is no board's and that nodes were attached under is such a device without saying so.
    private async Task<DeviceSpec> Named(DeviceSpec device) => device.Kind is null && !DeviceCatalog.Names.Contains(device.Name)
        && (await place.Grains.GetGrain<IDeviceIndexGrain>("all").All()).Contains(device.Name) ? device with { Kind = DeviceLine.Attached } : device;

    private RetargetUpdate Drawn(Retargeting retargeting, Front front, int trials)
    {
        return new RetargetUpdate([], trials, Put(StudyJson.Text(front, place.Study.Space)), place.BlobRoot, Final().Exported.ToValueList(), null, 0,
            Put(retargeting.Costs(front).Text()), retargeting.Unmeasured, place.Spec.Devices.Select(d => d.Name).ToValueList());
    }

    private BlobId Put(string text) => place.Blobs.Put(Encoding.UTF8.GetBytes(text));

    private FinalStanding Final() => new(place.State.Artifacts, place.Blobs);

    private static int ExitCode(HoneException e) => e is SpecException ? 2 : 1;

    private RetargetUpdate? Try<T>(Func<T> work, out T? result)
    {
        result = default;
        try
        {
            result = work();
            return null;
        }
        catch (HoneException e)
        {
            return Refused(e.Message, ExitCode(e));
        }
    }
}
