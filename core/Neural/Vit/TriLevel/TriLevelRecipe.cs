using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Cross entropy of a net under the schedule of tokens and links; takes down what becomes of every example. Evaluation uses the end values: inference is sparse as well.</summary>
/// <param name="labels">(N): the original hard labels, which answers are compared with.</param>
internal sealed class TriLevelRecipe(TriLevelConfig config, VitNet net, ActiveExamples examples, byte[] labels, long steps, long warmUp) : IRecipe
{
    private readonly ScalarType _type = config.Run.Branches.On(Placed.Find(config.Run.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Arena];

    public double Rate(int arena, long step) => AdamW.Rate(step, steps, warmUp, config.Run.PeakRate, config.Run.FinalRate);

    public Tensor Loss(Portion portion)
    {
        double done = (double)portion.Step / steps, keep = config.Share(config.Keep, done), links = config.Share(config.Links, done);
        var policy = new BestPatchesPolicy(Blocks(keep, links), keep, links);
        VitTokens tokens = net.Run(net.Embed(portion.Patches), policy, _type, classOnly: true);
        Tensor logits = net.Classify(net.Features(tokens));
        TakeDown(portion, logits, policy.FirstAttention);
        return VitLosses.CrossEntropy(logits, portion.Targets);
    }

    // While nothing is pruned the first block's attention alone is looked at, for the variance that ties are broken by.
    private IReadOnlyList<int> Blocks(double keep, double links) => keep < 1 || links < 1 ? config.Blocks : config.Removed > 0 && config.Rule == ExampleRule.Forgetting ? [config.Blocks[0]] : [];

    private void TakeDown(Portion portion, Tensor logits, float[]? attention)
    {
        if (config.Removed == 0) return;
        int classes = config.Shape.Classes, patches = config.Shape.Patches;
        CorrectBits correct = CorrectBits.Of(logits.detach().to_type(ScalarType.Float32).Numbers(), [.. portion.Images.Select(i => labels[i])], classes);
        for (int i = 0; i < portion.Images.Length; i++)
            examples.Record.Add(portion.Images[i], correct[i], attention is null ? 0 : Variance(attention.AsSpan(i * patches, patches)));
    }

    private static float Variance(ReadOnlySpan<float> p)
    {
        double sum = 0, squares = 0;
        foreach (float v in p) (sum, squares) = (sum + v, squares + ((double)v * v));
        return (float)((squares / p.Length) - (sum / p.Length * (sum / p.Length)));
    }

    public void Save(ArrayFile file) => examples.Save(file);

    public void Load(ArrayFile file) => examples.Load(file);

    public IRecipe Shadow() => new TriLevelRecipe(config, net.Shadow(), examples, labels, steps, warmUp);

    public void Dispose() => net.Dispose();
}
