using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.HeatVit;

/// <summary>The computing side: trains dense net and selectors in float and then in 8 bits, evaluates plans by the emulated integer net, fine-tunes it, exports integers and checks them.</summary>
internal sealed class HeatVitWork(HeatVitStudy study, HeatVitSettings settings, WorkPlace place) : PrunedWork(study, settings.Config.Pruning, settings.Counts, settings.CalibrationImages, place)
{
    // Whole numbers agree exactly or not at all, and a graph of them takes 0.08 s an image.
    protected override int ParityImages => 200;

    protected override byte[] Train(ImageSet train, Stream? checkpoint, Action<long, Action<Stream>> save, IProgress<Progress> progress, CancellationToken cancel) =>
        HeatVitTraining.Run(settings.Config, train, checkpoint, save, progress, Clock, cancel);

    protected override byte[] Tune(byte[] shared, PruningThresholds at, ImageSet train, IProgress<Progress> progress, CancellationToken cancel) =>
        HeatVitTraining.Tune(settings.Config, shared, at, train, null, null, progress, Clock, cancel);

    protected override bool Tunes(PruningPlan plan) => settings.Config.Pruning.TuneEpochs > 0;

    protected override IPrunedNets Open(byte[] weights) => HeatVitEvaluator.Open(weights);

    protected override void Write(string folder, Manifest manifest, IPrunedNets nets, PruningThresholds at, ImageSet parity, float[] logits, (string, byte[]) beside) =>
        ModelExport.Write(folder, manifest, ((HeatVitEvaluator)nets).Extract(at), parity, logits, settings.Config.Pruning.Dense.Threads, beside);
}
