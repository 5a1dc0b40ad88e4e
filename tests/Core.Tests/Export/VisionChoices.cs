using Hone.Model;

namespace Hone.Core.Tests.Export;

/// <summary>Thresholds of selectors, moved to where they do what a test is about.</summary>
internal static class VisionChoices
{
    /// <summary>All selectors with this threshold.</summary>
    public static VisionNet WithThreshold(this VisionNet net, float threshold) => Change(net, (_, selector) => selector with { Threshold = threshold });

    /// <summary>The selectors one after the other with the threshold under which nearest to a share of the images lose a patch.</summary>
    public static VisionNet WhereSomeLose(this VisionNet net, ImageSet images, double share) => Bisect(net, images, share, (before, after) => after < before ? 1 : 0);

    /// <summary>The selectors one after the other with the threshold under which nearest to a share of the patches goes on.</summary>
    public static VisionNet WhereSomeGoOn(this VisionNet net, ImageSet images, double share) => Bisect(net, images, 1 - share, (before, after) => before == 0 ? 1 - share : 1 - (double)after / before);

    public static VisionAnswer[] Answers(this VisionNet net, ImageSet images) =>
        [.. Enumerable.Range(0, images.Count).Select(n => VisionReference.Run(net, images.Pixels.AsSpan(n * images.Stride, images.Stride)))];

    /// <param name="lost">Of the patches that none of the selectors' drops and those that one drops, grows with the threshold.</param>
    private static VisionNet Bisect(VisionNet net, ImageSet images, double share, Func<int, int, double> lost)
    {
        int count = net.Stages.Sum(stage => stage.Blocks.Count(block => block.Selector is not null));
        net = net.WithThreshold(float.NegativeInfinity);
        for (int which = 0; which < count; which++)
        {
            int[] before = [.. net.Answers(images).Select(answer => answer.Kept[which].Count)];
            float low = -4, high = 4;
            for (int step = 0; step < 8; step++)
            {
                float middle = (low + high) / 2;
                VisionNet tried = At(net, which, middle);
                if (tried.Answers(images).Select((answer, n) => lost(before[n], answer.Kept[which].Count)).Average() > share) high = middle;
                else low = middle;
            }
            net = At(net, which, (low + high) / 2);
        }
        return net;

        static VisionNet At(VisionNet net, int which, float threshold) => Change(net, (i, selector) => i == which ? selector with { Threshold = threshold } : selector);
    }

    private static VisionNet Change(VisionNet net, Func<int, TokenSelector, TokenSelector> change)
    {
        int index = 0;
        return net with
        {
            Stages = [.. net.Stages.Select(stage => stage with { Blocks = [.. stage.Blocks.Select(Changed)] })],
        };

        VisionBlock Changed(VisionBlock block) => block.Selector is null ? block : block with { Selector = change(index++, block.Selector) };
    }
}
