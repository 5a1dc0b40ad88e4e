using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>
/// Arithmetic with plain numbers and sums of tensors. To be used instead of TorchSharp's operators: those make a <see cref="Scalar"/> on the way (a sum has
/// its factor 1), hand its address to libtorch and keep nobody from collecting it, so a collection during the call frees a number that is being read (seen once in
/// hours of training on a loaded machine, as an exception; a wrong factor would be silent). Here a number outlives its call.
/// </summary>
internal static class Arithmetic
{
    private static readonly Scalar s_one = 1.ToScalar(), s_zero = 0.ToScalar(), s_minusOne = (-1).ToScalar();

    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, s_one);

    public static Tensor Minus(this Tensor a, Tensor b) => a.add(b, s_minusOne);

    /// <summary>Whether a &gt; 0.</summary>
    public static Tensor Positive(this Tensor a) => a.gt(s_zero);

    public static Tensor PlusInPlace(this Tensor a, Tensor b, double factor = 1)
    {
        using Scalar f = factor.ToScalar();
        return a.add_(b, f);
    }

    public static Tensor PlusInPlace(this Tensor a, double number)
    {
        using Scalar n = number.ToScalar();
        return a.add_(n);
    }

    public static Tensor PlusNumber(this Tensor a, double number)
    {
        using Scalar n = number.ToScalar();
        return a.add(n);
    }

    public static Tensor Times(this Tensor a, double factor)
    {
        using Scalar f = factor.ToScalar();
        return a.mul(f);
    }

    public static Tensor TimesInPlace(this Tensor a, double factor)
    {
        using Scalar f = factor.ToScalar();
        return a.mul_(f);
    }

    /// <summary>a + factor * b * c, in place.</summary>
    public static Tensor PlusProductInPlace(this Tensor a, Tensor b, Tensor c, double factor)
    {
        using Scalar f = factor.ToScalar();
        return a.addcmul_(b, c, f);
    }

    /// <summary>a + b * c.</summary>
    public static Tensor PlusProduct(this Tensor a, Tensor b, Tensor c) => a.addcmul(b, c, s_one);

    /// <summary>a + factor * b / c, in place.</summary>
    public static Tensor PlusQuotientInPlace(this Tensor a, Tensor b, Tensor c, double factor)
    {
        using Scalar f = factor.ToScalar();
        return a.addcdiv_(b, c, f);
    }

    public static Tensor ClampInPlace(this Tensor a, double low, double high)
    {
        using Scalar l = low.ToScalar(), h = high.ToScalar();
        return a.clamp_(l, h);
    }

    /// <summary>The larger of each number and this one.</summary>
    public static Tensor AtLeast(this Tensor a, double low)
    {
        using Scalar l = low.ToScalar();
        return a.clamp_min(l);
    }

    /// <summary>Whether a &gt;= 0.</summary>
    public static Tensor NotNegative(this Tensor a) => a.ge(s_zero);

    public static Tensor FillInPlace(this Tensor a, double number)
    {
        using Scalar n = number.ToScalar();
        return a.fill_(n);
    }
}
