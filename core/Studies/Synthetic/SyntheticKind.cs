using System.Globalization;
using System.Text.Json;
using Hone.Model;

namespace Hone.Studies.Synthetic;

/// <summary>
/// Problems with known fronts and evaluations that cost nothing: the engine's own sample, test and benchmark. Objectives f1, f2 (and f3) are
/// minimised; nothing is trained and no device is needed.
/// </summary>
internal sealed class SyntheticKind : IStudyKind
{
    public string Method => "synthetic";

    public IStudy Open(StudySpec spec)
    {
        var model = new SpecReader(spec.Model, "model");
        string name = model.OneOf("problem", "zdt1", Problem.All.Select(p => p.Name).ToArray());
        int variables = model.Integer("variables", 8, 3, 1_000), levels = model.Integer("levels", 101, 2, 1_000_001);
        model.Done();
        new SpecReader(spec.Training, "training").Done();
        Problem problem = Problem.All.First(p => p.Name == name);
        foreach (Objective objective in spec.Objectives)
            if (!Enumerable.Range(1, problem.Objectives).Any(i => objective.Metric == $"f{i}"))
                throw new SpecException($"objectives: {name} gives f1..f{problem.Objectives}; got '{objective.Metric}'");
        return new Study(spec, problem, variables, levels);
    }

    private sealed class Study : IStudy, IStudyWork
    {
        private readonly Problem _problem;
        private readonly int _levels;
        private WorkPlace? _place;

        public Study(StudySpec spec, Problem problem, int variables, int levels)
        {
            (Spec, _problem, _levels) = (spec, problem, levels);
            var genes = new Gene[variables];
            string[] choices = Enumerable.Range(0, levels).Select(i => (i / (double)(levels - 1)).ToString("0.######", CultureInfo.InvariantCulture)).ToArray();
            for (int i = 0; i < variables; i++) genes[i] = new Gene($"x{i + 1}", choices.ToValueList());
            Space = new SearchSpace(genes);
        }

        public StudySpec Spec { get; }

        public SearchSpace Space { get; }

        public string Shared => $"synthetic/{_problem.Name}/{Space.Genes.Count}/{_levels}";

        public int SearchImages => 1;

        public string Numerics => Neural.Numerics.Machine;

        public Workload Lower(Candidate candidate) => new(candidate.Key, Mode.Infer, 1, []);

        public IStudyWork Work(WorkPlace place)
        {
            _place = place;
            return this;
        }

        public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel) =>
            _place!.Blobs.Put("nothing is shared"u8);

        public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel)
        {
            double[] x = Space.Genes.Select((g, i) => g.Number(candidate.Choices[i])).ToArray();
            double[] f = _problem.Of(x);
            return new Evaluation(f.Select((v, i) => new Measurement($"f{i + 1}", v, "1", Origin.Simulated)).ToValueList(), [0, 0, 0, 0, 0, 0, 0, 0]);
        }

        public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel)
        {
            byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new { study = Spec.Study, member.Ordinal, member.Key, genes = StudyJson.Genes(Space.Parse(member.Key)) }, StudyJson.Options);
            return new FinishedMember([], [new NamedBlob("manifest.json", _place!.Blobs.Put(manifest))]);
        }

        public void Dispose()
        {
        }
    }
}
