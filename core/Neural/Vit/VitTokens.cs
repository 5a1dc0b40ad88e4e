using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// The tokens of B images on their way through the blocks: the class token where there is one, p patches, then packages. Every image of a batch has as many rows; which of them are alive a mask says, so that
/// its gradient reaches the one who dropped the others.
/// </summary>
/// <param name="X">(B, n, C), float32.</param>
/// <param name="Mask">(B, n), 1 for alive tokens and 0 for dropped ones; null: all are alive.</param>
/// <param name="Links">(B, n, n), 1 where a row's token attends to a column's; null: all do.</param>
/// <param name="Packages">How many of the last rows are packages.</param>
/// <param name="Places">(B, p) whole numbers: which patch of the image each patch row is; null: all of them in order.</param>
/// <param name="ClassTokens">How many of the first rows are class tokens: 1, or 0 in nets without one.</param>
internal sealed record VitTokens(Tensor X, Tensor? Mask = null, Tensor? Links = null, int Packages = 0, Tensor? Places = null, int ClassTokens = 1)
{
    /// <summary>p.</summary>
    public long Patches => X.shape[1] - ClassTokens - Packages;

    /// <summary>Takes those tensors that were born in a dispose scope out of it; others stay where they are, or each block would carry what it did not make one scope further out.</summary>
    public VitTokens Outward(DisposeScope scope)
    {
        foreach (Tensor? tensor in (Tensor?[])[X, Mask, Links, Places])
            if (tensor is not null) scope.MoveToOuter(tensor);
        return this;
    }
}
