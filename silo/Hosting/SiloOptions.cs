using System.CommandLine;
using Hone.Silo.Blobs;

namespace Hone.Silo.Hosting;

/// <summary>What a silo is for: control grains, compute slots, or both.</summary>
internal enum Role { Control, Worker, Both }

/// <summary>The silo's command line.</summary>
internal sealed record SiloOptions(
    Role Role, string? Redis, string ClusterId, string DataFolder, string? Blobs, int Slots, string Urls, string? PidFile, bool ParentStdin, string? Bench)
{
    /// <summary>How many slots the studies of a tenant hold at once; those that are not named have no limit.</summary>
    public IReadOnlyDictionary<string, int> TenantSlots { get; init; } = new Dictionary<string, int>();

    /// <summary>Where health and metrics are served, without a token.</summary>
    public string HealthUrls { get; init; } = "http://127.0.0.1:0";

    /// <summary>About the blob store, besides its place.</summary>
    public BlobOptions BlobStore { get; init; } = BlobOptions.Default;

    /// <summary>The bucket that holds the blobs; null: a folder does.</summary>
    public S3Address? Bucket => S3Address.Is(Blobs) ? S3Address.Parse(Blobs!) : null;

    /// <summary>Where the blobs lie, for people.</summary>
    public string BlobPlace => Bucket?.ToString() ?? BlobFolder;

    /// <summary>PEM files of the certificate and the key for https; null: none.</summary>
    public string? TlsCert { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>Parses the command line and runs; usage errors end with exit code 2.</summary>
    public static async Task<int> Run(string[] args, Func<SiloOptions, CancellationToken, Task<int>> run)
    {
        var role = new Option<Role>("--role") { Description = "control (no torch is loaded), worker (compute slots), or both", DefaultValueFactory = _ => Role.Both };
        var redis = new Option<string?>("--redis") { Description = "HOST:PORT of the store; without it the silo serves its own on loopback" };
        var cluster = new Option<string>("--cluster-id") { Description = "name of the cluster in that store", DefaultValueFactory = _ => "hone" };
        var data = new Option<string>("--data-dir") { Description = "folder of the store, the blobs and the lock", DefaultValueFactory = _ => ".hone" };
        var blobs = new Option<string?>("--blobs") { Description = "folder of the blob store, or s3://BUCKET/PREFIX[?endpoint=URL] (default: DATA/blobs)" };
        var slots = new Option<int>("--slots") { Description = "compute slots, a thread each", DefaultValueFactory = _ => 1 };
        var urls = new Option<string>("--urls") { Description = "where the API and the page are served; beyond loopback with https alone", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var tlsCert = new Option<string?>("--tls-cert") { Description = "the certificate for https addresses of --urls, PEM, with its chain; read again when it changes" };
        var tlsKey = new Option<string?>("--tls-key") { Description = "its private key, PEM" };
        var health = new Option<string>("--health-urls") { Description = "where health and metrics are served, without a token", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var pid = new Option<string?>("--pid-file") { Description = "written when the silo is ready (default: DATA/silo.pid)" };
        var stdin = new Option<bool>("--parent-stdin") { Description = "end within 10 s when standard input ends" };
        var bench = new Option<string?>("--bench") { Description = "measure a part (or 'all'), print JSON, and end" };
        var tenants = new Option<string[]>("--tenant-slots") { Description = "NAME=N: most slots at once for the studies of a tenant (schedule.tenant); repeat it, and give every control silo the same", AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "with --bench: JSON, which it always is" };
        var root = new RootCommand("The Hone silo: hosts studies, their shared training, devices and compute slots.")
        {
            role, redis, cluster, data, blobs, slots, urls, health, pid, stdin, tenants, bench, json, tlsCert, tlsKey,
        };
        foreach (Option option in BlobOptions.All) root.Add(option);
        var network = new NetworkOptions.Arguments(root);
        root.SetAction((parsed, cancel) => run(
            new SiloOptions(parsed.GetValue(role), parsed.GetValue(redis), parsed.GetValue(cluster)!, Path.GetFullPath(parsed.GetValue(data)!),
                parsed.GetValue(blobs), parsed.GetValue(slots), parsed.GetValue(urls)!, parsed.GetValue(pid), parsed.GetValue(stdin), parsed.GetValue(bench))
            {
                Network = network.Of(parsed.CommandResult),
                BlobStore = BlobOptions.Of(parsed),
                TenantSlots = (parsed.GetValue(tenants) ?? []).Select(Tenant).ToDictionary(t => t.Name, t => t.Slots), TlsCert = parsed.GetValue(tlsCert), TlsKey = parsed.GetValue(tlsKey), HealthUrls = parsed.GetValue(health)!,
            },
            cancel));
        ParseResult result = root.Parse(args);
        if (result.Errors.Count == 0) return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        await Console.Error.WriteLineAsync($"hone-silo: {result.Errors[0].Message}; see --help");
        return 2;
    }

    private static (string Name, int Slots) Tenant(string text) => text.Split('=') is [var name, var count] && Model.StudySpec.IsName(name) && int.TryParse(count, out int slots) && slots > 0 ? (name, slots)
        : throw new Model.SpecException($"--tenant-slots: expected NAME=N with N of 1 or more, got '{text}'");

    /// <summary>Where the silo is reached, by whom, and how long it takes to go.</summary>
    public NetworkOptions Network { get; init; } = NetworkOptions.Loopback;

    /// <summary>Where the blobs lie.</summary>
    public string BlobFolder => Path.GetFullPath(Blobs ?? Path.Combine(DataFolder, Contracts.ClusterAddress.BlobFolder));

    public bool HasSlots => Role != Role.Control && Slots > 0;

    /// <summary>
    /// The store that is not the silo's own: HOST:PORT of --redis, with password and TLS from $HONE_REDIS ("HOST:PORT,password=...,ssl=true"), which never
    /// stand on a command line; null when the silo serves its own.
    /// </summary>
    public string? Store
    {
        get
        {
            if (Redis is null) return null;
            if (Redis.Split(':') is not [_, var port] || !int.TryParse(port, out _)) throw new Model.SpecException($"--redis: expected HOST:PORT, got '{Redis}'");
            return With(Redis, Environment.GetEnvironmentVariable("HONE_REDIS"));
        }
    }

    /// <summary>The address of the command line with the options of $HONE_REDIS, whatever address stands there.</summary>
    internal static string With(string redis, string? secret) =>
        string.Join(',', [redis, .. (secret ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(part => part.Contains('=', StringComparison.Ordinal))]);
}
