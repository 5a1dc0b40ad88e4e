using Hone.Quantum.Circuits;

namespace Hone.Quantum.CompVqc;

/// <summary>A classifier's circuit with its weights in place.</summary>
public static class VqcCircuit
{
    /// <summary>The circuit whose parameters are the sample's angles alone.</summary>
    public static Circuit Bound(VqcModel model, double[] weights)
    {
        Angle[] values = [.. Enumerable.Range(0, model.Inputs).Select(Angle.Of), .. weights.Select(w => (Angle)w)];
        Instruction With(Instruction instruction) => instruction is Instruction.Apply apply
            ? apply with { Angles = [.. apply.Angles.AsEnumerable().Select(a => a.With(values))] } : instruction;
        return model.Circuit with
        {
            Parameters = [.. model.Circuit.Parameters.AsEnumerable().Take(model.Inputs)],
            Instructions = [.. model.Circuit.Instructions.AsEnumerable().Select(With)],
        };
    }
}
