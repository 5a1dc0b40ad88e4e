using Hone.Contracts;
using Hone.Grains;
using Hone.Model;

namespace Hone.Silo.Web.Api;

/// <summary>The way from a name in a path to its study. Only names that the index knows become grains: guessing names costs the cluster nothing.</summary>
internal sealed class StudyDoor(IGrainFactory grains)
{
    /// <summary>The names of all studies, in order.</summary>
    public async Task<IReadOnlyList<string>> Names() => [.. (await grains.GetGrain<IStudyIndexGrain>("all").All()).Order(StringComparer.Ordinal)];

    /// <exception cref="ApiException">There is no study of that name (404).</exception>
    public async Task<IStudyGrain> Open(string name)
    {
        IReadOnlyList<string> names = StudySpec.IsName(name) ? await Names() : [];
        if (names.Contains(name)) return grains.GetGrain<IStudyGrain>(name);
        string detail = StudySpec.IsName(name) ? UnknownStudy.Status(name, names).Error! : "expected the name of a study: 1 to 64 letters, digits, '-', '_' or '.'";
        throw new ApiException(StatusCodes.Status404NotFound, detail);
    }

    /// <summary>The grain that a new study will be; its name has been checked.</summary>
    public IStudyGrain New(string name) => grains.GetGrain<IStudyGrain>(name);

    /// <summary>The status as it is shown: without the folder of this machine that the blobs lie in.</summary>
    /// <exception cref="HoneException">The request was refused; its own line (400 or 409).</exception>
    public static StudyStatus Shown(StudyStatus status) => status.Error is not { } error ? status with { BlobRoot = "" }
        : throw (status.ExitCode == 2 ? new SpecException(error) : new HoneException(error));
}
