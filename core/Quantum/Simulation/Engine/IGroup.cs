namespace Hone.Quantum.Simulation.Engine;

/// <summary>A plan run on a group of samples at once, whatever the width of the vectors.</summary>
internal interface IGroup
{
    /// <summary>Takes the parameters that all samples share.</summary>
    /// <param name="shared">[parameters - inputs].</param>
    void Share(ReadOnlySpan<double> shared);

    /// <summary>Takes a group's inputs.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    void Take(ReadOnlySpan<double> inputs, int samples);

    /// <summary>Runs the plan from |00..0>.</summary>
    void Forth();

    /// <summary>The expectation of Z on each of the circuit's qubits.</summary>
    /// <param name="z">[samples, qubits].</param>
    void Expectations(Span<double> z, int samples);

    /// <summary>Slopes of sum over qubits of weight x expectation.</summary>
    /// <param name="weights">[samples, qubits].</param>
    /// <param name="shared">[parameters - inputs]; the samples' sum is added.</param>
    /// <param name="inputs">[samples, inputs]; added to. Empty: not wanted.</param>
    void Back(ReadOnlySpan<double> weights, int samples, Span<double> shared, Span<double> inputs);
}
