namespace Hone.Data;

/// <summary>Everything outside that locating data depends on, so that a test can supply all of it.</summary>
public sealed record Surroundings
{
    /// <summary>Reads an environment variable; null or empty when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's home folder.</summary>
    public required string Home { get; init; }

    public required IProcessRunner Processes { get; init; }

    public required HttpClient Http { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where the system keeps data sets, one folder each.</summary>
    public string SystemFolder { get; init; } = "/usr/share/datasets";

    /// <summary>Before the first retry of a broken download; doubled for each further one.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A download that brings no byte for so long is broken.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The real machine.</summary>
    public static Surroundings OfThisMachine() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        Processes = new ProcessRunner(),
        Http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) }, // until the headers; the body is watched by Stall
        Time = TimeProvider.System,
    };

    /// <summary>The user's cache of data sets: $XDG_CACHE_HOME/hone or ~/.cache/hone.</summary>
    internal string CacheFolder
    {
        get
        {
            string? xdg = Variable("XDG_CACHE_HOME");
            return Path.Combine(string.IsNullOrEmpty(xdg) ? Path.Combine(Home, ".cache") : xdg, "hone");
        }
    }
}
