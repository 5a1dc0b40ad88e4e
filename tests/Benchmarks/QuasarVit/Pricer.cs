using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Modelled latency on the device of the sample study, an eighth of a ZCU102, its memory bound on. Safe for many threads.</summary>
internal static class Pricer
{
    private static readonly IDevice Device = DeviceCatalog.Open(new DeviceSpec("zcu102-eighth", null, []));

    /// <summary>The device and the version of its model.</summary>
    public static string Version { get; } = $"{Device.Name}: {Quote(QuasarVitGenome.Smallest(QuasarVitConfig.FashionMnist), QuasarVitConfig.FashionMnist).Calibration}";

    /// <summary>Hash of what the device says of the smallest, the largest and 64 random nets of a space: it changes with anything that prices depend on.</summary>
    public static string Prices(QuasarVitConfig config) => PricesOf.GetOrAdd(config, c => BlobId.Of(Encoding.UTF8.GetBytes(string.Join(' ',
        new[] { QuasarVitGenome.Smallest(c), QuasarVitGenome.Largest(c) }.Concat(Enumerable.Range(0, 64).Select(i => QuasarVitGenome.Random(c, new Chance(1, Streams.Sampling, (uint)i))))
            .Select(g => LatencyMs(g, c)?.ToString("R", CultureInfo.InvariantCulture) ?? "-")))).Hex[..16]);

    private static readonly ConcurrentDictionary<QuasarVitConfig, string> PricesOf = new();

    /// <summary>Milliseconds, or null when no engine fits.</summary>
    public static double? LatencyMs(QuasarVitGenome genome, QuasarVitConfig config) => Quote(genome, config).Value("latency_ms");

    private static Quote Quote(QuasarVitGenome genome, QuasarVitConfig config) => Device.Price(Schedule.Once(QuasarVitWorkload.Lower(genome, config)));
}
