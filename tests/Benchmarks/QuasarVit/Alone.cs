using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Training of single subnets: the one place where the evidence meets it.</summary>
internal static class Alone
{
    private const string Missing = "training a single subnet is not part of this build of Hone.Neural: expected QuasarVitTraining.RunAlone and Tune; wire them in Alone.cs";

    /// <summary>Whether this build can; what needs it is left out of the plan and said to be.</summary>
    public static bool Available => false;

    /// <summary>Trains this net from random weights for the configuration's epochs; the answer is readable by <see cref="QuasarVitEvaluator.Open"/>.</summary>
    /// <exception cref="NotSupportedException">Not in this build.</exception>
    public static byte[] Train(QuasarVitConfig config, QuasarVitGenome genome, ImageSet train, CancellationToken cancel) => throw new NotSupportedException(Missing);

    /// <summary>Trains this net on from such weights, without a teacher, quantised throughout.</summary>
    /// <param name="epochs">Passes over the configuration's images; a part of one is allowed.</param>
    /// <param name="rate">Peak learning rate.</param>
    /// <exception cref="NotSupportedException">Not in this build.</exception>
    public static byte[] Tune(
        QuasarVitConfig config, byte[] weights, QuasarVitGenome genome, double epochs, double rate, ImageSet train, CancellationToken cancel) =>
        throw new NotSupportedException(Missing);
}
