using Hone.Model;

namespace Hone.Grains;

/// <summary>The weights that a trial was trained to.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.trained-trial")]
public sealed record TrainedTrial([property: Id(0)] int Ordinal, [property: Id(1)] BlobId Weights);
