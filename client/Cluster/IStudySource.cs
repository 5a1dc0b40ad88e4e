using Hone.Contracts;

namespace Hone.Client.Cluster;

/// <summary>One study as seen over a connection; what follows a run asks nothing else, so that a test can stand in for a cluster.</summary>
internal interface IStudySource
{
    /// <summary>Is cancelled when the cluster behind is known to be gone.</summary>
    CancellationToken Lost { get; }

    Task<StudyStatus> Submit(string spec);

    Task<StudyStatus> Status();

    IAsyncEnumerable<StudyUpdate> Watch(int from, CancellationToken cancel);
}

/// <summary>Where sources come from; opening again after a loss restarts what died, as often as its policy allows.</summary>
internal interface IStudySession : IBlobSource, IAsyncDisposable
{
    /// <exception cref="Hone.Model.HoneException">The cluster cannot be had; one line says why.</exception>
    Task<IStudySource> OpenAsync(string study, CancellationToken cancel);

    /// <summary>Something new was committed or trained: deaths before it count no more.</summary>
    void Progressed();
}
