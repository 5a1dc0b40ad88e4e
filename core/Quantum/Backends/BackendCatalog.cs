using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Backends;

/// <summary>
/// Machines that come with the engine, so that it works without any file: calibrations of IBM's superconducting machines as Qiskit
/// published them with its fake backends (Apache-2.0), to five digits. Times of gates are in nanoseconds, T1 and T2 in microseconds.
/// </summary>
public static class BackendCatalog
{
    private const double Samples = 2.0 / 9 * 1e-9;   // seconds between samples (dt) of these machines

    /// <summary>All of them.</summary>
    public static ValueList<Backend> All { get; } =
    [
        Machine("belem", "1.0.3 2021-03-14", 35.556, 5351.1,
            [(100.51, 111.71, 0.0316, 0.0424, 0.00020134), (67.134, 82.247, 0.0132, 0.0426, 0.00037769), (59.581, 33.304, 0.0108, 0.0462, 0.0004467), (68.203, 73.184, 0.0054, 0.035, 0.00023898), (92.959, 133.43, 0.024, 0.0304, 0.00027286)],
            [(0, 1, 0.015293, 810.67, 775.11), (1, 2, 0.010041, 448, 412.44), (1, 3, 0.0095096, 433.78, 398.22), (3, 4, 0.015372, 590.22, 554.67)]),
        Machine("quito", "1.0.8 2021-03-15", 35.556, 5351.1,
            [(48.207, 26.817, 0.021, 0.0676, 0.0002587), (60.203, 89.079, 0.0044, 0.0396, 0.0023172), (30.098, 14.461, 0.0254, 0.1968, 0.0015987), (70.563, 13.103, 0.0108, 0.0792, 0.0026644), (98.5, 115.52, 0.0122, 0.0498, 0.001413)],
            [(0, 1, 0.013267, 234.67, 270.22), (1, 2, 0.041965, 497.78, 533.33), (1, 3, 0.056452, 334.22, 369.78), (3, 4, 0.029728, 277.33, 312.89)]),
        Machine("manila", "1.2.6 2024-05-27", 35.556, 5351.1,
            [(131.53, 102.2, 0.0158, 0.0548, 0.00015507), (124.54, 79.015, 0.0122, 0.0316, 0.00039219), (158.62, 25.151, 0.0702, 0.1226, 0.00074582), (179.1, 54.361, 0.0084, 0.0204, 0.00021222), (144.67, 40.332, 0.0088, 0.0284, 0.00035387)],
            [(0, 1, 0.0088277, 277.33, 312.89), (1, 2, 0.01394, 469.33, 504.89), (2, 3, 0.011354, 355.56, 391.11), (3, 4, 0.0056963, 334.22, 298.67)]),
        Machine("jakarta", "1.4.8 2024-05-27", 35.556, 5518.2,
            [(81.764, 41.462, 0.0064, 0.0356, 0.00049138), (134.6, 27.524, 0.015, 0.026, 0.00018883), (137.79, 20.276, 0.0102, 0.0218, 0.00028612), (112.68, 34.23, 0.0114, 0.0392, 0.00020072), (117.51, 74.644, 0.0614, 0.0366, 0.00028554), (146.18, 56.929, 0.045, 0.066, 0.00027538), (85.094, 19.597, 0.02, 0.0352, 0.00020115)],
            [(0, 1, 0.0089137, 234.67, 270.22), (1, 2, 0.011272, 284.44, 248.89), (1, 3, 0.009093, 384, 419.56), (3, 5, 0.0065816, 398.22, 362.67), (4, 5, 0.01342, 540.44, 504.89), (5, 6, 0.006092, 312.89, 277.33)]),
    ];

    /// <exception cref="HoneException">There is none of this name; names those there are.</exception>
    public static Backend Find(string name) => All.AsEnumerable().FirstOrDefault(b => b.Name == name)
        ?? throw new HoneException($"expected one of {string.Join(", ", All.AsEnumerable().Select(b => b.Name))}, got '{name}'; others are read from files: --backend FILE --calibration FILE");

    /// <param name="turn">How long sx and x take.</param>
    /// <param name="readout">How long reading takes.</param>
    /// <param name="qubits">T1, T2, read as 1 in |0>, read as 0 in |1>, error of sx and x.</param>
    /// <param name="pairs">Error of cx, and its time in one direction and in the other.</param>
    private static Backend Machine(string name, string calibration, double turn, double readout,
        (double T1, double T2, double OneForZero, double ZeroForOne, double Error)[] qubits, (int A, int B, double Error, double Forth, double Back)[] pairs)
    {
        const double nano = 1e-9, micro = 1e-6;
        var figures = new List<GateFigures>();
        foreach (Gate gate in new[] { StandardGates.Id, StandardGates.Sx, StandardGates.X })
            for (int q = 0; q < qubits.Length; q++) figures.Add(new GateFigures(gate, [q], qubits[q].Error, turn * nano));
        for (int q = 0; q < qubits.Length; q++) figures.Add(new GateFigures(StandardGates.Rz, [q], 0, 0));
        foreach ((int a, int b, double error, double forth, double back) in pairs)
        {
            figures.Add(new GateFigures(StandardGates.Cx, [a, b], error, forth * nano));
            figures.Add(new GateFigures(StandardGates.Cx, [b, a], error, back * nano));
        }
        return new Backend(name, calibration, [StandardGates.Cx, StandardGates.Id, StandardGates.Rz, StandardGates.Sx, StandardGates.X],
            pairs.SelectMany(p => new[] { (p.A, p.B), (p.B, p.A) }).ToValueList(),
            qubits.Select(q => new QubitFigures(q.T1 * micro, q.T2 * micro, q.OneForZero, q.ZeroForOne, readout * nano)).ToValueList(),
            figures.ToValueList(), Samples, []);
    }
}
