using System.Diagnostics;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Transpiling;

namespace Hone.Benchmarks.CompVqc;

/// <summary>The evidence of core/Quantum: compressed classifiers, the compression table, the transpiler.</summary>
internal sealed class CompVqcEvidence(VqcScale scale) : IEvidence
{
    private const int Steps = 4_000;

    public string Name => "compvqc";

    public string Room => "core/Quantum";

    public ValueList<EvidencePart> Parts { get; } = [new VqcHeadline(scale).Part, new ContextPart(scale).Part, new TranspilerPart(scale.ContextSeeds).Part];

    public (Speed Speed, double Minutes) Budget => VqcScale.Budget;

    /// <summary>Passes of the circuit of 4 qubits and a block.</summary>
    public Speed Measure()
    {
        VqcSize size = scale.Sizes[0];
        var (train, test, classes, width) = VqcScale.Samples("digits-4", size, 1);
        var model = new VqcModel(size.Config, width, classes);
        var training = new VqcTraining(model, train, size.Config, 1);
        VqcState state = training.Run(training.Begin(), Steps, 0.05);   // warms up, the compiler's tiers included
        long start = Stopwatch.GetTimestamp();
        training.Run(state, Steps, 0.05);
        double trained = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var noisy = new NoisyClassifier(model, state.Weights, BackendCatalog.Find("belem"), new TranspileOptions(Schedule: true));
        for (int i = 0; i < 10; i++) noisy.Correct(test, test.Samples, 100, new Chance(1, Streams.Sampling));
        start = Stopwatch.GetTimestamp();
        noisy.Correct(test, test.Samples, scale.Shots, new Chance(1, Streams.Sampling));
        return new Speed(Steps * size.Config.BatchSize / trained, test.Samples / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
