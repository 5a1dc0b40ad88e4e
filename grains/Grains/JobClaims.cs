using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Model;
using Hone.Studies;

namespace Hone.Grains;

/// <summary>What the schedule of a job's study gives it a right to. Jobs of a study carry the same text, which is read once.</summary>
internal sealed class JobClaims
{
    private const int Most = 256;
    private readonly Dictionary<string, ScheduleSpec> _schedules = new(StringComparer.Ordinal);

    public Claim Of(Job job)
    {
        if (!_schedules.TryGetValue(job.Spec, out ScheduleSpec? schedule))
        {
            if (_schedules.Count == Most) _schedules.Clear();
            _schedules.Add(job.Spec, schedule = SpecText.Parse(job.Spec).Schedule);
        }
        return new Claim(job.Owner, schedule.Tenant, schedule.Priority, schedule.Weight, schedule.Slots);
    }
}
