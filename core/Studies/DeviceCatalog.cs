using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Studies;

/// <summary>The devices that this build models.</summary>
public static class DeviceCatalog
{
    /// <summary>Opens a device of a study. Options: <c>host_ns_per_element</c>, <c>network_ms</c>, <c>block_ms</c> (host time, default 0: engine only), <c>clock_mhz</c>,
    /// <c>memory_bound</c> (default true: an operation is never faster than its traffic to the board's memory).</summary>
    /// <exception cref="SpecException">Unknown device (the nearest is named) or option.</exception>
    public static IDevice Open(DeviceSpec device)
    {
        var options = new SpecReader(device.Options, $"devices.{device.Name}");
        Board board = BoardCatalog.Find(device.Name);
        var host = new HostTimes(
            options.Number("network_ms", board.Host.NetworkMs, 0), options.Number("block_ms", board.Host.BlockMs, 0), options.Number("host_ns_per_element", board.Host.ElementNs, 0, 1_000));
        double clock = options.Number("clock_mhz", board.ClockMHz, 1, 2_000);
        bool memory = options.Flag("memory_bound", true);
        options.Done();
        return new FpgaDevice((board with { Host = host, ClockMHz = clock, Ddr = board.Ddr with { Binds = memory } }).Checked());
    }
}
