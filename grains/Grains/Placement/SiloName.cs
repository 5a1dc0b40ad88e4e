namespace Hone.Grains.Placement;

/// <summary>A silo's name in the membership table: what it is for, then what tells it apart.</summary>
public static class SiloName
{
    private const string Worker = "worker/", Control = "control/";

    /// <param name="worker">It computes and hosts no grain.</param>
    /// <param name="place">Machine and process.</param>
    public static string Of(bool worker, string place) => (worker ? Worker : Control) + place;

    /// <summary>Whether the silo of that name hosts no grain.</summary>
    public static bool IsWorker(string name) => name.StartsWith(Worker, StringComparison.Ordinal);
}
