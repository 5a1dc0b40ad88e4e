using Hone.Client.Cluster;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Server;

/// <summary>Attached devices over a silo's HTTP interface.</summary>
internal sealed class ServerDevices(ServerConnection server) : IDeviceDesk
{
    public async Task<IReadOnlyList<DeviceLine>> Attached() => [.. (await server.GetAsync<DeviceLine[]>("/api/v1/devices")).Where(d => d.Kind == DeviceLine.Attached)];

    public Task<CalibrationProgress> Calibrate(string device, CalibrationRequest request) => server.PostAsync<CalibrationProgress>($"{Path(device)}/calibrate", request);

    public Task<CalibrationProgress> Calibration(string device) => server.GetAsync<CalibrationProgress>($"{Path(device)}/calibration");

    public async Task<int> Detach(string device) => (await server.PostAsync<DetachAnswer>($"{Path(device)}/detach", null)).Nodes;

    private static string Path(string device) => $"/api/v1/devices/{Uri.EscapeDataString(device)}";
}
