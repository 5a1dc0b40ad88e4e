using System.Runtime.Intrinsics;
using Hone.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Real numbers become whole multiples of 2^-places within bounds, half away from zero (<see cref="FixedPoint.Of"/>); the gradient passes inside the bounds (straight through).</summary>
internal static class FixedRound
{
    /// <summary>Signed bytes.</summary>
    public static Tensor Code(Tensor x, int places) => FixedFunction<Rounding>.Apply(x, new Rounding(Math.ScaleB(1.0, places), sbyte.MinValue, sbyte.MaxValue));

    /// <summary>24 bits with so many places.</summary>
    public static Tensor Wide(Tensor x, int places = FixedPoint.Places) => FixedFunction<Rounding>.Apply(x, new Rounding(Math.ScaleB(1.0, places), FixedPoint.Lowest, FixedPoint.Highest));

    /// <summary>exact on the way forwards, the gradient to <paramref name="smooth"/> on the way back.</summary>
    public static Tensor Through(Tensor smooth, Tensor exact) => is_grad_enabled() ? ThroughFunction.Apply(smooth, exact) : exact;

    private readonly record struct Rounding(double Scale, double Low, double High) : IFixedElement, IFixedSlope
    {
        public Vector256<double> Run(Vector256<double> x) => FixedElements.Within(FixedElements.Whole(x * Scale), Low, High) * (1 / Scale);

        public Vector256<double> Run(Vector256<double> x, Vector256<double> gradient)
        {
            Vector256<double> u = x * Scale;
            Vector256<double> inside = Vector256.GreaterThanOrEqual(u, Vector256.Create(Low - 0.5)) & Vector256.LessThanOrEqual(u, Vector256.Create(High + 0.5));
            return gradient & inside;
        }
    }

    private sealed class ThroughFunction : autograd.SingleTensorFunction<ThroughFunction>
    {
        public override string Name => nameof(ThroughFunction);

        public static Tensor Apply(Tensor smooth, Tensor exact) => apply(smooth, exact.detach());

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[1]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
        {
            Tensor g = grad.clone();
            grad.Dispose();
            return [g, null!];
        }
    }
}
