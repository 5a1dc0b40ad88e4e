using Hone.Model;

namespace Hone.Node;

/// <summary>What measures on a node.</summary>
internal interface IMeter : IDisposable
{
    /// <summary>The node as it is now: its name and calibration stay, its temperature changes.</summary>
    NodeInfo Describe();

    /// <summary>Measures one run of a workload.</summary>
    /// <param name="sentinel">The best time of the sentinel that any node like this one saw; null: none is known.</param>
    /// <param name="step">Told as the work goes on; the number grows.</param>
    /// <exception cref="HoneException">No kernel covers an operation: its name and why.</exception>
    Metered Measure(Workload workload, double? sentinel, Action<int> step, CancellationToken cancel);
}

/// <summary>A reading, and how long it took until runs counted.</summary>
internal sealed record Metered(Reading Reading, double WarmUpMs);
