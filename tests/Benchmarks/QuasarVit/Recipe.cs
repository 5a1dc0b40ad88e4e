using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>How every supernet and every net trained alone is made: as client/studies/quasar-vit.yaml says, with one torch thread. The one place to change it.</summary>
/// <param name="Epochs">Passes over <paramref name="TrainImages"/>.</param>
internal sealed record Recipe(
    int TrainImages = 55_000, int Epochs = 2, int Batch = 32, double PeakRate = 0.004, double WarmUpEpochs = 0.1, double FloatShare = 0.5, int Crop = 0)
{
    /// <summary>To be raised when core changes what these configurations give without changing them: results of before become stale.</summary>
    public const int Revision = 1;

    /// <summary>Image passes of one training.</summary>
    public double Passes => (double)Epochs * TrainImages;

    public QuasarVitConfig Config(Pictures pictures, ulong seed) => pictures.Config with
    {
        Images = TrainImages, Epochs = Epochs, Batch = Batch, PeakRate = PeakRate, WarmUpEpochs = WarmUpEpochs, FloatShare = FloatShare, Crop = Crop,
        Threads = 1, Seed = seed,
    };
}
