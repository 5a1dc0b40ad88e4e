namespace Hone.Model;

/// <summary>A device node as it describes itself when it asks for work.</summary>
/// <param name="Name">Unique among the nodes of its device, and the same as long as it lives: host and process.</param>
/// <param name="Calibration">Names what its figures depend on (processor, instructions, threads, kernels): figures of one calibration may be compared.</param>
/// <param name="Processor">As its system names it.</param>
/// <param name="Instructions">What its kernels use.</param>
/// <param name="Cores">Logical cores that it may use.</param>
/// <param name="Threads">Threads that it measures with.</param>
/// <param name="MemoryBytes">Memory that it may use; 0: unknown.</param>
/// <param name="Governor">How the system chooses the clock; null: not told.</param>
/// <param name="Celsius">The hottest sensor; null: none is told.</param>
/// <param name="SentinelMs">The best time that it saw of its sentinel, a piece of always the same work; null: it has none.</param>
public sealed record NodeInfo(
    string Name, string Calibration, string Processor = "", string Instructions = "", int Cores = 0, int Threads = 1, long MemoryBytes = 0, string? Governor = null, double? Celsius = null, double? SentinelMs = null);
