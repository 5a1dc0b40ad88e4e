using Hone.Contracts;
using Hone.Model;
using Hone.Search;

namespace Hone.Grains.Driving;

/// <summary>What became of an open trial.</summary>
/// <param name="Trained">The weights that it was trained to; null where evaluations train nothing.</param>
internal sealed record Answer(int Ordinal, Outcome Outcome, byte[]? Correct, BlobId? Trained = null);

/// <summary>
/// The candidates that are being evaluated, and the jobs that carry them: a job each, or many to a job where evaluations cost next to nothing. A failure is an outcome
/// when a second lease reports it again; the candidates of a job about several get a job each then.
/// </summary>
internal sealed class OpenTrials(StudyPlace place, CandidateTrainings trainings)
{
    private readonly SortedDictionary<int, Open> _open = [];
    private readonly Dictionary<string, List<Open>> _jobs = new(StringComparer.Ordinal);   // by job id, those still open

    public int Count => _open.Count;

    /// <summary>Time that slots spent on what has been answered.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Whether something has no job yet that a slot could know of.</summary>
    public bool Fresh { get; private set; }

    public void Add(Asked asked, ValueList<Measurement> priced)
    {
        _open[asked.Ordinal] = new Open(asked.Ordinal, asked.Candidate.Key, asked.Fidelity, priced);
        Fresh = true;
    }

    /// <summary>Answers a trial from memory.</summary>
    public Answer Recalled(int ordinal, JobResult known)
    {
        _open.Remove(ordinal, out Open? open);
        return Evaluated(open!, known.Measurements, known.Correct) with { Trained = known.Shared };
    }

    /// <summary>All jobs that have not been answered, in ordinal order: a queue that lost its table learns it from here.</summary>
    public ValueList<Job> Jobs()
    {
        foreach (IGrouping<int?, Open> rung in _open.Values.Where(o => o.Job is null).GroupBy(o => o.Fidelity))   // a job trains alike
            foreach (Open[] together in rung.Chunk(place.Study.Batch)) Give(together);
        Fresh = false;
        return _jobs.Where(j => !place.HasReport(j.Key)).OrderBy(j => j.Value[0].Ordinal).Select(j => JobOf(j.Key, j.Value)).ToValueList();
    }

    /// <summary>The answers that have come since.</summary>
    /// <exception cref="PausedException">A job was lost too often, or no slot can take it.</exception>
    public List<Answer> Take()
    {
        List<Answer> answers = [];
        foreach (string id in _jobs.Keys.Where(place.HasReport).ToList())
        {
            JobReport report = place.Take(id)!;
            _jobs.Remove(id, out List<Open>? carried);
            Busy += report.Busy;
            if (carried!.Count == 1 && report.Result is { Each.Count: 0 } result)
            {
                if (place.Study.Batch == 1) place.Subnet(carried[0].Key, place.Study.SearchImages, carried[0].Fidelity).Remember(result).Ignore();
                answers.Add(Evaluated(carried[0], result.Measurements, result.Correct) with { Trained = result.Shared });
            }
            else if (report.Result is { } each) answers.AddRange(carried.Zip(each.Each, (open, one) => Of(open, one, report.Token)).OfType<Answer>());
            else answers.AddRange(carried.Select(open => Of(open, new CandidateResult([], null, report.Failure), report.Token)).OfType<Answer>());
        }
        foreach (Answer answer in answers) _open.Remove(answer.Ordinal);
        return answers;
    }

    private Answer? Of(Open open, CandidateResult result, long token)
    {
        if (result.Failure is not { } failure) return Evaluated(open, result.Measurements, result.Correct);
        if (!open.Failures.TryAdd(failure.Code, token) && open.Failures[failure.Code] != token) return new Answer(open.Ordinal, new Outcome.Failed(failure.Code, failure.Message), null);
        Give([open]);   // the first time: once more, alone
        Fresh = true;
        return null;
    }

    private static Answer Evaluated(Open open, ValueList<Measurement> measurements, byte[]? correct) => new(open.Ordinal, new Outcome.Evaluated([.. measurements, .. open.Priced]), correct);

    private void Give(Open[] together)
    {
        string id = place.EvaluationOf(together.Length == 1 ? together[0].Key : $"{together[0].Ordinal}+{together.Length}", place.Study.SearchImages, together[0].Fidelity);
        foreach (Open open in together) open.Job = id;
        _jobs[id] = [.. together];
    }

    private Job JobOf(string id, List<Open> together) => new(id, JobKind.Evaluate, place.Spec.Study, place.SpecText, together.Count == 1 ? together[0].Key : "", place.Study.SearchImages,
        place.State.Shared, trainings.Of(id), place.State.Numerics, StallSeconds: place.Stall, Data: place.State.Data, Keys: together.Count == 1 ? [] : together.Select(o => o.Key).ToValueList(),
        Trace: place.Telemetry.TraceOf(together.Select(o => o.Ordinal)), Fidelity: together[0].Fidelity);

    private sealed record Open(int Ordinal, string Key, int? Fidelity, ValueList<Measurement> Priced)
    {
        public string? Job { get; set; }

        /// <summary>By code, the lease that reported it first.</summary>
        public Dictionary<string, long> Failures { get; } = new(StringComparer.Ordinal);
    }
}
