using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A part of a batch.</summary>
/// <param name="Step">Counted from 0.</param>
/// <param name="Patches">(b, N, K0); whole images (b, 1, numbers) where the stem convolves.</param>
/// <param name="First">Where the part begins in its batch.</param>
/// <param name="Images">(b): their numbers in the training set.</param>
/// <param name="Targets">(b, classes): smoothed labels.</param>
internal sealed record Portion(long Step, Tensor Patches, int First, int[] Images, Tensor Targets);

/// <summary>What a training trains, and by which loss.</summary>
internal interface IRecipe : IDisposable
{
    /// <summary>The parameters, in sets that may have learning rates of their own.</summary>
    IReadOnlyList<ParameterArena> Arenas { get; }

    /// <summary>The learning rate of a set at a step.</summary>
    double Rate(int arena, long step);

    /// <summary>The mean loss of a portion's images, a number with gradient.</summary>
    Tensor Loss(Portion portion);

    /// <summary>What a checkpoint must hold besides the arenas.</summary>
    void Save(ArrayFile file)
    {
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    void Load(ArrayFile file)
    {
    }

    /// <summary>The same recipe with gradients of its own, for a second thread. To be disposed before this one.</summary>
    IRecipe Shadow();
}
