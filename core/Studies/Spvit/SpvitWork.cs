using Hone.Export;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.Spvit;

/// <summary>The computing side: trains dense net and selectors in float, evaluates plans with shared weights, fine-tunes, exports and checks members.</summary>
internal sealed class SpvitWork(SpvitStudy study, SpvitSettings settings, WorkPlace place) : PrunedWork(study, settings.Config, settings.Counts, settings.CalibrationImages, place)
{
    protected override byte[] Train(ImageSet train, Stream? checkpoint, Action<long, Action<Stream>> save, IProgress<Progress> progress, CancellationToken cancel) =>
        PruningTraining.Run(settings.Config, train, checkpoint, save, progress, Clock, cancel, settings.Checkpoint is { } file ? PublishedWeights.Read(file) : null);

    protected override byte[] Tune(byte[] shared, PruningThresholds at, ImageSet train, IProgress<Progress> progress, CancellationToken cancel) =>
        PruningTraining.Tune(settings.Config, shared, at, train, null, null, progress, Clock, cancel);

    // A plan without selectors is the dense net as it was trained.
    protected override bool Tunes(PruningPlan plan) => plan.Blocks.Count > 0 && settings.Config.TuneEpochs > 0;

    protected override IPrunedNets Open(byte[] weights) => new EngineNets(PruningEvaluator.Open(weights), settings.Config.Dense.Threads);

    protected override void Write(string folder, Manifest manifest, IPrunedNets nets, PruningThresholds at, ImageSet parity, float[] logits, (string, byte[]) beside) =>
        ModelExport.Write(folder, manifest, ((EngineNets)nets).Extract(at), parity, logits, settings.Config.Dense.Threads, beside);
}
