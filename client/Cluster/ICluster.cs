using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>What commands ask a cluster, whatever the way there: grains, or the HTTP interface of one of its silos.</summary>
internal interface ICluster : IBlobSource
{
    /// <summary>The names of the studies, in order.</summary>
    Task<IReadOnlyList<string>> Names();

    /// <summary>The status of every study, by name; one that does not answer is told with the reason.</summary>
    Task<StudyStatus[]> Studies();

    IStudyDesk Study(string name);

    /// <summary>Whether compute slots are there; null when that is not to be had.</summary>
    Task<bool?> HasSlots();

    ITokenDesk Tokens { get; }

    IDeviceDesk Devices { get; }

    /// <summary>What each blob store holds.</summary>
    /// <param name="olderThan">Age from which on a blob counts as old that no study needs, such as 24h.</param>
    /// <param name="remove">Whether those are let go.</param>
    /// <exception cref="HoneException">Refused; one line says why.</exception>
    Task<IReadOnlyList<BlobSurvey>> Blobs(string olderThan, bool remove, CancellationToken cancel);
}

/// <summary>One study, with everything that can be asked of it. A request that is refused comes back as <see cref="StudyStatus.Error"/>.</summary>
internal interface IStudyDesk : IStudySource
{
    Task<StudyStatus> Pause();

    Task<StudyStatus> Resume();

    Task<StudyStatus> Stop();

    /// <param name="trials">Evaluated trials in all.</param>
    Task<StudyStatus> Extend(int trials);

    Task<StudyStatus> Retry();

    Task<Explained> Explain(string asked);

    IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel);
}

/// <summary>The tokens of a cluster.</summary>
internal interface ITokenDesk
{
    Task<ValueList<TokenRecord>> All();

    /// <exception cref="HoneException">Refused; one line says why.</exception>
    Task<NewToken> Create(Grant role, DateTimeOffset? expires);

    /// <exception cref="HoneException">No such token.</exception>
    Task<TokenRecord> Revoke(string id);
}

/// <summary>The devices of a cluster that nodes measure.</summary>
internal interface IDeviceDesk
{
    Task<IReadOnlyList<DeviceLine>> Attached();

    /// <summary>Begins a calibration.</summary>
    /// <exception cref="HoneException">Refused; one line says why.</exception>
    Task<CalibrationProgress> Calibrate(string device, CalibrationRequest request);

    /// <summary>How far it is.</summary>
    /// <exception cref="HoneException">None was begun, or it cannot go on.</exception>
    Task<CalibrationProgress> Calibration(string device);

    /// <summary>Sends the device's nodes away.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="HoneException">No such device.</exception>
    Task<int> Detach(string device);
}
