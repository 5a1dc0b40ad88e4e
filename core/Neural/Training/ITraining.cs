namespace Hone.Neural.Training;

/// <summary>A training that is driven step by step and can be cut between any two.</summary>
internal interface ITraining
{
    /// <summary>What a step does, for people.</summary>
    string Phase { get; }

    /// <summary>Steps made.</summary>
    long Done { get; }

    /// <summary>Steps of the whole.</summary>
    long Steps { get; }

    /// <summary>Steps of a pass over the images.</summary>
    long PerEpoch { get; }

    /// <summary>Images a step.</summary>
    int Batch { get; }

    /// <summary>One step; returns its mean loss.</summary>
    double Next();

    /// <summary>All that <see cref="Next"/> depends on.</summary>
    byte[] Checkpoint();
}
