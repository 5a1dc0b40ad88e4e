namespace Hone.Export;

/// <summary>
/// A uniform activation quantiser with one step per tensor: x becomes clip(round(x / step)) * step, ties to even.
/// Range of the code: [-2^(b-1), 2^(b-1) - 1] signed, [0, 2^b - 1] unsigned. Where a model has null instead, the value stays float.
/// </summary>
/// <param name="Step">The distance of two levels, above 0.</param>
public sealed record ActivationQuant(float Step, int Bits, bool Signed)
{
    public float Lowest => Signed ? -(1 << (Bits - 1)) : 0;

    public float Highest => Signed ? (1 << (Bits - 1)) - 1 : (1 << Bits) - 1;

    /// <summary>The quantised value, computed in float32 as the exported graph does.</summary>
    public float Apply(float x) => Math.Clamp(MathF.Round(x / Step, MidpointRounding.ToEven), Lowest, Highest) * Step;
}
