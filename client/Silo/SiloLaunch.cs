namespace Hone.Client.Silo;

/// <summary>How a silo is started on a data folder.</summary>
/// <param name="Program">The silo program.</param>
/// <param name="DataFolder">Its data folder.</param>
/// <param name="Role">control or both.</param>
/// <param name="Slots">Compute slots.</param>
/// <param name="DataSets">For $HONE_DATA; null leaves it as inherited.</param>
internal sealed record SiloLaunch(string Program, string DataFolder, string Role, int Slots, string? DataSets = null)
{
    /// <summary>How long it may take until it is ready; a data folder that is just let go takes 15 s of it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Arguments => ["--role", Role, "--data-dir", DataFolder, "--slots", $"{Slots}", "--parent-stdin", .. More];

    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
