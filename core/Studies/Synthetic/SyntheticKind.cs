using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Model;

namespace Hone.Studies.Synthetic;

/// <summary>
/// Problems with known fronts and evaluations that cost nothing: the engine's own sample, test and benchmark. Objectives f1, f2 (and f3) are
/// minimised and nothing is trained. No device is needed; with <c>model.cost: gemm</c> candidates cost something on one (<see cref="SyntheticCost"/>);
/// an evaluation may be made to last, see <see cref="Effort"/>. At a share s below 1 of a training that there is not, each value is worse by up to <c>model.fidelity_bias</c> times 1 - s,
/// by chance that depends on seed and candidate: what a search with rungs is up against, for nothing.
/// </summary>
internal sealed class SyntheticKind : IStudyKind
{
    private static readonly string[] Priced = ["latency_ms", "fps", "dsp", "lut", "ff", "bram18", "memory_ms"];

    public string Method => "synthetic";

    public IStudy Open(StudySpec spec)
    {
        var model = new SpecReader(spec.Model, "model");
        string name = model.OneOf("problem", "zdt1", Problem.All.Select(p => p.Name).ToArray());
        int variables = model.Integer("variables", 8, 3, 1_000), levels = model.Integer("levels", 101, 2, 1_000_001);
        string cost = model.OneOf("cost", SyntheticCost.None, SyntheticCost.All);
        var effort = new Effort(model.Integer("pause_ms", 0, 0, Effort.Most), model.Integer("burn_ms", 0, 0, Effort.Most), model.Integer("steps", 0, 0, Effort.MostSteps));
        double bias = model.Number("fidelity_bias", 0, 0, 1_000);
        model.Done();
        new SpecReader(spec.Training, "training").Done();
        Problem problem = Problem.All.First(p => p.Name == name);
        foreach (Objective objective in spec.Objectives)
            if (spec.Devices.Count > 0 && Priced.Contains(DeviceMetric.Plain(objective.Metric))) DeviceCatalog.CheckMetric(objective.Metric, spec, "objectives");
            else if (!Enumerable.Range(1, problem.Objectives).Any(i => objective.Metric == $"f{i}"))
                throw new SpecException($"objectives: {name} gives f1..f{problem.Objectives}, and devices {string.Join(", ", Priced)}; got '{objective.Metric}'");
        if (spec.Devices.Count > 0 && cost == SyntheticCost.None) throw new SpecException($"devices: expected none, the candidates of {name} run no operation; leave devices out or set model.cost: {SyntheticCost.Gemm}");
        var study = new Study(spec, problem, variables, levels, cost, effort, bias);
        return new Study(spec with { Devices = spec.Devices.Select(d => DeviceCatalog.Resolve(d, study.Space, study.Lower)).ToValueList() }, problem, variables, levels, cost, effort, bias);
    }

    private sealed class Study : IStudy, IStudyWork
    {
        private readonly Problem _problem;
        private const int Together = 64;
        private readonly int _levels;
        private readonly Effort _effort;
        private readonly double _bias;
        private readonly string _cost;
        private readonly string[] _metrics;
        private WorkPlace? _place;

        public Study(StudySpec spec, Problem problem, int variables, int levels, string cost, Effort effort, double bias)
        {
            (Spec, _problem, _levels, _cost, _effort, _bias) = (spec, problem, levels, cost, effort, bias);
            _metrics = Enumerable.Range(1, problem.Objectives).Select(i => $"f{i}").ToArray();
            var genes = new Gene[variables];
            string[] choices = Enumerable.Range(0, levels).Select(i => (i / (double)(levels - 1)).ToString("0.######", CultureInfo.InvariantCulture)).ToArray();
            for (int i = 0; i < variables; i++) genes[i] = new Gene($"x{i + 1}", choices.ToValueList());
            Space = new SearchSpace(genes);
        }

        public StudySpec Spec { get; }

        public SearchSpace Space { get; }

        public string Shared => $"synthetic/{_problem.Name}/{Space.Genes.Count}/{_levels}" + (_bias == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{_bias}/{Spec.Seed}"));

        public int SearchImages => 1;

        public bool Trains => true;

        public int Batch => _effort.IsNone ? Together : 1;

        public string Numerics => Neural.Numerics.Machine;

        public Workload Lower(Candidate candidate) => new(candidate.Key, Mode.Infer, 1, SyntheticCost.Of(_cost, Variables(candidate)));

        public IStudyWork Work(WorkPlace place)
        {
            _place = place;
            return this;
        }

        public BlobId Prepare(BlobId? checkpoint, Action<BlobId, long> checkpointed, IProgress<Progress> progress, CancellationToken cancel) =>
            _place!.Blobs.Put("nothing is shared"u8);

        public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CancellationToken cancel) => Evaluate(shared, candidate, images, CandidateTraining.Of(1), cancel);

        public Evaluation Evaluate(BlobId shared, Candidate candidate, int images, CandidateTraining training, CancellationToken cancel)
        {
            _effort.Spend(candidate.Key, training, _place!.Blobs, _place.Clock, cancel);
            double[] f = _problem.Of(Variables(candidate));
            if (_bias > 0 && training.Share < 1)
            {
                var chance = new Chance(Spec.Seed ^ HashOf(candidate.Key), Streams.Fidelity);   // the same on every rung: less training is worse, and by how much is the candidate's own
                for (int i = 0; i < f.Length; i++) f[i] += _bias * (1 - training.Share) * chance.NextDouble();
            }
            return new Evaluation(f.Select((v, i) => new Measurement(_metrics[i], v, "1", Origin.Simulated)).ToValueList(), NoImages, _effort.Steps == 0 ? null : _place.Blobs.Put(Trained(candidate.Key, training.Share)));
        }

        private static ulong HashOf(string key) => ulong.Parse(BlobId.Of(Encoding.UTF8.GetBytes(key)).Hex.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        private static readonly byte[] NoImages = new byte[8];   // one word, none right

        /// <summary>Shape (variables), in [0, 1].</summary>
        private double[] Variables(Candidate candidate) => Space.Genes.Select((g, i) => g.Number(candidate.Choices[i])).ToArray();

        // What stands for weights: the file of a member tells it, so that a test sees which were used.
        private static byte[] Trained(string key, double share) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key} at {share}"));

        public FinishedMember Finish(BlobId shared, FrontMember member, IProgress<Progress> progress, CancellationToken cancel) => Finish(member, null);

        public FinishedMember Finish(BlobId shared, FrontMember member, TrainedCandidate trained, IProgress<Progress> progress, CancellationToken cancel)
        {
            if (_effort.Steps == 0) return Finish(member, null);
            using Stream weights = _place!.Blobs.Open(trained.Weights ?? _place.Blobs.Put(Trained(member.Key, trained.Share)));
            using var text = new StreamReader(weights, Encoding.UTF8);
            return Finish(member, text.ReadToEnd());
        }

        private FinishedMember Finish(FrontMember member, string? trained)
        {
            byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new { study = Spec.Study, member.Ordinal, member.Key, genes = StudyJson.Genes(Space.Parse(member.Key)), trained }, StudyJson.Options);
            return new FinishedMember([], [new NamedBlob("manifest.json", _place!.Blobs.Put(manifest))]);
        }

        public void Dispose()
        {
        }
    }
}
