namespace Hone.Search;

/// <summary>A mean with what is known of its spread.</summary>
/// <param name="Mean">The mean over clusters of their means.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval, clusters resampled first, then what lies inside.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Count">Values in all.</param>
/// <param name="Clusters">Independent ones, for example supernet seeds.</param>
/// <param name="SeedLow">Lower end of Student's 95 % interval over the cluster means; null with fewer than two clusters.</param>
/// <param name="SeedHigh">Upper end of it.</param>
public sealed record Estimate(double Mean, double Low, double High, int Count, int Clusters, double? SeedLow = null, double? SeedHigh = null);
