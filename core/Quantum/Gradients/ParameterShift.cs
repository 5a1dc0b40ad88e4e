using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Gradients;

/// <summary>
/// Slopes of an expectation by a circuit's parameters from the circuit itself at shifted angles: works for whatever computes the
/// expectation, a noisy machine's mean among them. Each gate's angle is shifted on its own, so a parameter may stand in many of them.
/// Two terms for generators with eigenvalues that differ by 1; four for controlled rotations, whose eigenvalues are 0 and +-1/2 (Anselmetti
/// et al., New J. Phys. 23, 113010, 2021).
/// </summary>
public static class ParameterShift
{
    private static readonly double Sqrt2 = Math.Sqrt(2), Near = (Sqrt2 + 1) / (4 * Sqrt2), Far = (Sqrt2 - 1) / (4 * Sqrt2);

    /// <summary>The slopes [parameters].</summary>
    /// <param name="values">[parameters].</param>
    /// <param name="expectation">Of a circuit without parameters.</param>
    public static double[] Gradient(Circuit circuit, ReadOnlySpan<double> values, Func<Circuit, double> expectation)
    {
        double[] slopes = new double[circuit.Parameters.Count], at = values.ToArray();
        Circuit bound = circuit.Bind(values);
        for (int i = 0; i < circuit.Instructions.Count; i++)
        {
            if (circuit.Instructions[i] is not Instruction.Apply apply) continue;
            for (int angle = 0; angle < apply.Angles.Count; angle++)
            {
                if (apply.Angles[angle].IsConstant) continue;
                double slope = Slope(bound, i, angle, apply.Gate.Parameters[angle].Rule, expectation);
                foreach (AngleTerm term in apply.Angles[angle].Terms) slopes[term.Parameter] += term.Factor * slope;
            }
        }
        return slopes;
    }

    private static double Slope(Circuit bound, int instruction, int angle, ShiftRule rule, Func<Circuit, double> expectation)
    {
        double Difference(double shift) => expectation(Shifted(bound, instruction, angle, shift)) - expectation(Shifted(bound, instruction, angle, -shift));
        return rule == ShiftRule.TwoTerm ? Difference(Math.PI / 2) / 2 : Near * Difference(Math.PI / 2) - Far * Difference(3 * Math.PI / 2);
    }

    private static Circuit Shifted(Circuit bound, int instruction, int angle, double shift)
    {
        var apply = (Instruction.Apply)bound.Instructions[instruction];
        Angle[] angles = [.. apply.Angles.AsEnumerable()];
        angles[angle] += shift;
        Instruction[] all = [.. bound.Instructions.AsEnumerable()];
        all[instruction] = apply with { Angles = ValueList.Create<Angle>(angles) };
        return bound with { Instructions = ValueList.Create<Instruction>(all) };
    }
}
