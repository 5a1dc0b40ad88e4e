using Hone.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// The dense net as the teacher of a training. What it says of an image never changes; so where images are not augmented and come by more than once, it is asked about all of them once, in their
/// order, and its answers are kept: a training that was cut and goes on reads the same numbers.
/// </summary>
/// <param name="net">Trained before the first question; not owned.</param>
/// <param name="run">The training of the student.</param>
/// <param name="type">Of the branches.</param>
internal sealed class Teacher(VitNet net, VitRun run, ImageSet train, ScalarType type) : IDisposable
{
    private const long MostBytes = 1L << 30;   // of kept features
    private readonly Lock _asking = new();
    private (Tensor Features, Tensor Logits)? _kept;

    public VitNet Net => net;

    private VitStage Last => net.Shape.Stages[^1];

    private int Tokens => net.Shape.ClassTokens + Last.Patches;   // behind the last block

    /// <summary>Whether answers are kept.</summary>
    public bool Remembers => run.Repeats && 4L * train.Count * Tokens * Last.Width <= MostBytes;

    /// <summary>Features behind the last norm (b, n, C) and logits (b, classes), without gradient.</summary>
    public (Tensor Features, Tensor Logits) Ask(Portion portion)
    {
        using var frozen = no_grad();
        if (!Remembers) return Ask(portion.Patches);
        var (features, logits) = All();
        Tensor images = tensor([.. portion.Images.Select(i => (long)i)]).to(features.device);
        return (features.index_select(0, images), logits.index_select(0, images));
    }

    private (Tensor Features, Tensor Logits) Ask(Tensor patches)
    {
        Tensor features = net.Features(net.Run(net.Embed(patches), KeepAll.Policy, type, classOnly: false));
        return (features, net.Classify(features));
    }

    private (Tensor Features, Tensor Logits) All()
    {
        lock (_asking)
        {
            if (_kept is { } kept) return kept;
            using var scope = NewDisposeScope();
            Tensor features = zeros(train.Count, Tokens, Last.Width, device: net.Arena.Values.device);
            float[] logits = new VitBatchRun(net.Shape, run.Threads).Logits(train, (patches, from) =>
            {
                var (theirs, said) = Ask(patches.to(features.device));
                features.narrow(0, from, patches.shape[0]).copy_(theirs);
                return said;
            });
            Tensor all = tensor(logits).view(train.Count, net.Shape.Classes).to(features.device);
            _kept = (features.DetachFromDisposeScope(), all.DetachFromDisposeScope());
            return _kept.Value;
        }
    }

    public void Dispose()
    {
        if (_kept is not { } kept) return;
        kept.Features.Dispose();
        kept.Logits.Dispose();
    }
}
