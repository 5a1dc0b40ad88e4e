namespace Hone.Model;

/// <summary>Which patches of an image a network reads at all, equally many of every image: the others are gone before its first block, after positions were added.</summary>
public abstract record PatchChoice
{
    /// <summary>Those whose numbers vary most, of equals the first. The stem is then one convolution whose patches do not overlap.</summary>
    /// <param name="Count">At least 1.</param>
    public sealed record ByVariance(int Count) : PatchChoice;

    /// <summary>Those that are left of the best patches behind the attention of another network's last block; nothing of it behind that is computed.</summary>
    /// <param name="Selector">Of one stage on the same images and grid; its last block keeps best patches.</param>
    public sealed record BySelector(VisionNet Selector) : PatchChoice;
}
