using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hone.Model;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>GELU by HeatViT's polynomial in fixed point, bit for bit <see cref="FixedPoint.Gelu"/>, answered as codes; on the way back the polynomial's own derivative.</summary>
internal static class PolynomialGelu
{
    /// <summary>Codes of 2^-places within bounds, same shape.</summary>
    /// <param name="x">Accumulators as real numbers; rounded to 24 bits first.</param>
    /// <param name="delta">Damping in units of 2^-16.</param>
    public static Tensor Apply(Tensor x, int delta, int places, int lowest = sbyte.MinValue, int highest = sbyte.MaxValue) => FixedFunction<Gelu>.Apply(x, new Gelu(delta, Math.ScaleB(1.0, places), lowest, highest));

    private readonly record struct Gelu(double Delta, double Scale, double Low, double High) : IFixedElement, IFixedSlope
    {
        private const double One = FixedPoint.One, A = -18927, B = -115933, RootHalf = 46341;

        public Vector256<double> Run(Vector256<double> x) => FixedElements.Within(FixedElements.Whole(Fixed(x, out _, out _) * (Scale / One)), Low, High) * (1 / Scale);

        public Vector256<double> Run(Vector256<double> x, Vector256<double> gradient)
        {
            Vector256<double> y = Fixed(x, out Vector256<double> e, out Vector256<double> t) * (Scale / One);
            Vector256<double> inside = Vector256.GreaterThanOrEqual(y, Vector256.Create(Low - 0.5)) & Vector256.LessThanOrEqual(y, Vector256.Create(High + 0.5));
            // (1 + Lerf(u)) / 2 + x / (2 sqrt 2) delta 2 a t; all but x in units of 2^-16
            Vector256<double> slope = ((e + Vector256.Create(One)) * (0.5 / One)) + (x * t * (Delta / One * (A / One) / One / Math.Sqrt(2)));
            return (gradient * slope) & inside;
        }

        /// <summary>In units of 2^-16, as Lerf and t are. Whole numbers below 2^53 throughout, so every step is the integer one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector256<double> Fixed(Vector256<double> x, out Vector256<double> e, out Vector256<double> t)
        {
            Vector256<double> v = FixedElements.Within(FixedElements.Whole(x * One), FixedPoint.Lowest, FixedPoint.Highest);
            Vector256<double> u = FixedElements.Whole(v * (RootHalf / One));
            t = Vector256.Min(Vector256.Abs(u), Vector256.Create(-B)) + Vector256.Create(B);
            Vector256<double> polynomial = FixedElements.Whole(FixedElements.Whole(t * t * (1 / One)) * (A / One)) + Vector256.Create(One);
            e = Vector256.CopySign(FixedElements.Whole(polynomial * (Delta / One)), u) & ~Vector256.Equals(u, Vector256<double>.Zero);
            return FixedElements.Within(FixedElements.Whole(v * (e + Vector256.Create(One)) * (0.5 / One)), FixedPoint.Lowest, FixedPoint.Highest);
        }
    }
}
