using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Contracts;

/// <summary>What a blob store holds, and what of it nothing needs any more.</summary>
/// <param name="Store">Where it lies, as its silo sees it.</param>
/// <param name="Silo">The silo that looked.</param>
/// <param name="Count">Blobs.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="Reachable">Blobs that a study, its shared training or a known data set names.</param>
/// <param name="ReachableBytes">Of them.</param>
/// <param name="Old">Blobs that nothing names and that were put before the age asked for.</param>
/// <param name="OldBytes">Of them.</param>
/// <param name="Removed">Whether those were let go; else they are only counted.</param>
/// <param name="Quota">Bytes that it may hold; null: no limit.</param>
/// <param name="Problem">Why it could not be looked through, or why nothing was let go; null when all went well.</param>
[GenerateSerializer, Immutable]
[Alias("hone.blob-survey")]
public sealed record BlobSurvey(
    [property: Id(0)] string Store, [property: Id(1)] string Silo, [property: Id(2)] int Count, [property: Id(3)] long Bytes, [property: Id(4)] int Reachable,
    [property: Id(5)] long ReachableBytes, [property: Id(6)] int Old, [property: Id(7)] long OldBytes, [property: Id(8)] bool Removed, [property: Id(9)] long? Quota,
    [property: Id(10)] string? Problem);

/// <summary>The blob stores of all silos; one grain, key "all".</summary>
[Alias("hone.blobs")]
public interface IBlobGrain : IGrainWithStringKey
{
    /// <summary>Looks through every store that a silo has, each once however many silos share it.</summary>
    /// <param name="olderThan">What nothing names counts as old from this age on; at least <see cref="BlobAge.Least"/>.</param>
    /// <param name="remove">Whether it is let go.</param>
    [Alias("survey")]
    IAsyncEnumerable<BlobSurvey> Survey(TimeSpan olderThan, bool remove, CancellationToken cancel = default);

    /// <summary>Whether the regular collection is due: true for one caller in each period.</summary>
    [Alias("due")]
    Task<bool> Due(TimeSpan every);
}

/// <summary>How long a blob is kept that nothing names: it may be an answer that is still on its way.</summary>
public static class BlobAge
{
    public static readonly TimeSpan Usual = TimeSpan.FromHours(24), Least = TimeSpan.FromHours(1);

    /// <param name="option">Named in the error.</param>
    /// <param name="text">Such as 24h or 7d.</param>
    /// <exception cref="SpecException">Not an age, or less than <see cref="Least"/>.</exception>
    public static TimeSpan Parse(string option, string text) => Hours.Parse(option, text) is var age && age >= Least ? age
        : throw new SpecException($"{option}: expected at least {Least.TotalHours:0}h, got '{text}'; an answer that is still on its way may name what was put just now");
}
