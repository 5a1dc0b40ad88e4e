using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// How every supernet and every net trained alone is made: as the sample study (client/studies/quasar-vit.yaml) on half of its training images. The one place to change it.
/// One torch thread and float32 branches, so that it is the same experiment on every processor.
/// </summary>
/// <param name="TeacherEpochs">Passes of a float teacher over <paramref name="TrainImages"/>; nets alone have none and train as long in all. 0: the supernet's teacher is its largest net's last answer.</param>
/// <param name="Epochs">Passes after them.</param>
internal sealed record Recipe(
    int TrainImages = 27_500, int TeacherEpochs = 0, int Epochs = 2, int Batch = 32, double PeakRate = 0.004, double WarmUpEpochs = 0.1, double FloatShare = 0.5, int Crop = 0)
{
    /// <summary>
    /// To be raised when core changes what these configurations compute without changing them: results of before become stale. The order of roundings is no such change: what hangs on it
    /// hangs on the seed as well, and the spread over seeds shows how much.
    /// </summary>
    public const int Revision = 3;

    /// <summary>Epochs of one training in all.</summary>
    public int AllEpochs => TeacherEpochs + Epochs;

    /// <summary>Image passes of one training.</summary>
    public double Passes => (double)AllEpochs * TrainImages;

    public QuasarVitConfig Config(Pictures pictures, ulong seed) => pictures.Config with
    {
        Images = TrainImages, TeacherEpochs = TeacherEpochs, Epochs = Epochs, Batch = Batch, PeakRate = PeakRate, WarmUpEpochs = WarmUpEpochs, FloatShare = FloatShare, Crop = Crop,
        Branches = Branches.Float32, Threads = 1, Seed = seed,
    };
}
