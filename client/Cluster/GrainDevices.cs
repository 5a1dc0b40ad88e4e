using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Attached devices over Orleans.</summary>
internal sealed class GrainDevices(IGrainFactory grains) : IDeviceDesk
{
    public async Task<IReadOnlyList<DeviceLine>> Attached() =>
        [.. (await Task.WhenAll((await grains.GetGrain<IDeviceIndexGrain>("all").All()).Select(name => Of(name).Status()))).Select(DeviceLine.Of)];

    public async Task<CalibrationProgress> Calibrate(string device, CalibrationRequest request)
    {
        if (!StudySpec.IsName(device)) throw new SpecException($"expected the name of an attached device, 1 to 64 letters, digits, '-', '_' or '.', got '{device}'");
        return Checked(await Of(device).Calibrate(request));
    }

    public async Task<CalibrationProgress> Calibration(string device) =>
        Checked(await (await Known(device)).Calibration() ?? throw new HoneException($"{device}: expected a calibration that was begun, none was; `hone device calibrate {device}` begins one"));

    public async Task<int> Detach(string device) => await (await Known(device)).Detach();

    private async Task<IDeviceProfilerGrain> Known(string device) => (await grains.GetGrain<IDeviceIndexGrain>("all").All()).Contains(device) ? Of(device)
        : throw new HoneException($"{device}: expected an attached device, no study has named it and no node was attached; `hone device list` shows those that are known");

    private IDeviceProfilerGrain Of(string device) => grains.GetGrain<IDeviceProfilerGrain>(device);

    private static CalibrationProgress Checked(CalibrationProgress progress) => progress.Error is not { } error ? progress
        : throw (progress.ExitCode == 2 ? new SpecException(error) : new HoneException(error));
}
