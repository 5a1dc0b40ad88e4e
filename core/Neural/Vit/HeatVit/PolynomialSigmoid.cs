using System.Runtime.Intrinsics;
using Hone.Model;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>The sigmoid in straight pieces, bit for bit <see cref="FixedPoint.Sigmoid"/>; on the way back each piece's slope.</summary>
internal static class PolynomialSigmoid
{
    /// <summary>Numbers of 16 places in and out.</summary>
    public static Tensor Apply(Tensor x) => FixedFunction<Pieces>.Apply(x, default);

    private readonly struct Pieces : IFixedElement, IFixedSlope
    {
        private const double One = FixedPoint.One;

        public Vector256<double> Run(Vector256<double> x)
        {
            Vector256<double> m = Vector256.Abs(x * One);
            Vector256<double> y = Choose(m, Vector256.Create(One), FixedElements.Whole(m * (1 / 32.0)) + Vector256.Create(27 * One / 32), FixedElements.Whole(m * 0.125) + Vector256.Create(5 * One / 8), FixedElements.Whole(m * 0.25) + Vector256.Create(One / 2));
            return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<double>.Zero), Vector256.Create(One) - y, y) * (1 / One);
        }

        public Vector256<double> Run(Vector256<double> x, Vector256<double> gradient) =>
            gradient * Choose(Vector256.Abs(x * One), Vector256<double>.Zero, Vector256.Create(1 / 32.0), Vector256.Create(0.125), Vector256.Create(0.25));

        private static Vector256<double> Choose(Vector256<double> m, Vector256<double> from5, Vector256<double> from2, Vector256<double> from1, Vector256<double> rest) =>
            Vector256.ConditionalSelect(AtLeast(m, 5), from5, Vector256.ConditionalSelect(AtLeast(m, 2.375), from2, Vector256.ConditionalSelect(AtLeast(m, 1), from1, rest)));

        private static Vector256<double> AtLeast(Vector256<double> m, double bound) => Vector256.GreaterThanOrEqual(m, Vector256.Create(bound * One));
    }
}
