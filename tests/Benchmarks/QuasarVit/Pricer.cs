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

    /// <summary>Milliseconds, or null when no engine fits.</summary>
    public static double? LatencyMs(QuasarVitGenome genome, QuasarVitConfig config) => Quote(genome, config).Value("latency_ms");

    private static Quote Quote(QuasarVitGenome genome, QuasarVitConfig config) => Device.Price(Schedule.Once(QuasarVitWorkload.Lower(genome, config)));
}
