using Hone.Benchmarks.Evidence;
using Hone.Data;
using Hone.Data.Tables;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.CompVqc;

namespace Hone.Benchmarks.CompVqc;

/// <summary>A size of circuit, the machines that it runs on, and how many samples are judged under noise (a density matrix of 8 qubits is dear).</summary>
/// <param name="Part">Qubits of the part of a machine that circuits run on, so that a density matrix holds whatever routing touches; 0: the whole machine.</param>
/// <param name="Rates">Shares of the parameters that are brought to levels, growing; the mildest that shortens a circuit enough is taken.</param>
/// <param name="Weight">What a training pass costs beside one of 4 qubits and a block [measured].</param>
/// <param name="NoisyWeight">What a noisy sample costs beside one of 4 qubits and a block [measured].</param>
internal sealed record VqcSize(string Name, int Qubits, int Blocks, ValueList<string> Machines, int NoisySamples, int Part, ValueList<double> Rates, double Weight, double NoisyWeight)
{
    public Backend Machine(string name) => Part == 0 ? BackendCatalog.Find(name) : BackendCatalog.Find(name).Part(Part);

    public CompVqcConfig Config => new() { Qubits = Qubits, Blocks = Blocks };
}

/// <summary>How large the evidence is.</summary>
internal sealed record VqcScale(int Seeds, ValueList<VqcSize> Sizes, ValueList<string> Data, int Shots, int ContextSeeds)
{
    /// <summary>To be raised when core changes what these configurations compute without changing them.</summary>
    public const int Revision = 1;

    /// <summary>Speeds of two idle cores [measured], and the limit in minutes.</summary>
    public static (Speed Speed, double Minutes) Budget => (new Speed(1_400_000, 28_000), 90);

    /// <summary>8 of 160 angles at a time.</summary>
    private static ValueList<double> Coarse => [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8];

    /// <summary>One of 40 angles at a time up to half of them.</summary>
    private static ValueList<double> ByGate => [.. Enumerable.Range(2, 19).Select(i => i / 40.0), 0.65, 0.8];

    public static VqcScale Full => new(30,
        [new VqcSize("4 qubits", 4, 1, ["belem", "quito"], 1_000, 0, ByGate, 1, 1), new VqcSize("8 qubits", 8, 2, ["guadalupe", "brisbane"], 60, 8, Coarse, 22, 300)],
        ["clusters-4", "digits-4", "iris", "wine"], 1_024, 10);

    public static VqcScale Smoke => Full with
    {
        Seeds = 2, Sizes = [Full.Sizes[0] with { NoisySamples = 20, Rates = [0.2, 0.5] }], Data = ["iris"], Shots = 100, ContextSeeds = 1,
    };

    /// <summary>A seed's samples: all that are not held back for the test train, and each seed holds back others.</summary>
    public static (VqcData Train, VqcData Test, int Classes, int Width) Samples(string data, VqcSize size, ulong seed)
    {
        TableCounts counts = TableCatalog.Counts(data);
        TableSplit parts = TableCatalog.Load(data, new DataLocator(Surroundings.OfThisMachine()), null, new TableCounts(counts.Train + counts.Validation, 0, counts.Test), seed, testSeed: seed);
        VqcData Encoded(Table part) => VqcData.Encode(part.Features, part.Width, part.Labels, EncodingKind.Angle, size.Qubits);
        return (Encoded(parts.Train), Encoded(parts.Test), parts.Train.Classes, parts.Train.Width);
    }
}
